package main

import (
	"slices"
	"testing"
	"time"
)

func TestFramesComeOutLaterAndInOrder(t *testing.T) {
	const delay = 50 * time.Millisecond
	l := newLine(delay, 1000)
	out := make(chan byte, 3)
	go l.release(func(frame []byte) { out <- frame[0] })
	began := time.Now()
	buffer := make([]byte, 1)
	for i := range 3 {
		buffer[0] = byte(i) // the reader uses it again
		l.take(buffer, began)
	}
	got := []byte{<-out, <-out, <-out}
	if took := time.Since(began); took < delay || took > 20*delay {
		t.Errorf("after %v", took)
	}
	if !slices.Equal(got, []byte{0, 1, 2}) {
		t.Errorf("got %v", got)
	}
}

func TestWhatDoesNotFitIsLost(t *testing.T) {
	l := newLine(time.Minute, 100)
	for range 3 {
		l.take(make([]byte, 40), time.Now())
	}
	if l.lost.Load() != 1 || len(l.frames) != 2 {
		t.Errorf("lost %d, on their way %d", l.lost.Load(), len(l.frames))
	}
}
