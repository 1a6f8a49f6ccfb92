package main

import (
	"slices"
	"testing"
)

func TestTheServerThatAnsweredIsTriedFirst(t *testing.T) {
	b := &balancer{servers: []string{"a:6443", "b:6443", "c:6443"}}
	b.prefer("c:6443")
	if found := b.all(); !slices.Equal(found, []string{"c:6443", "a:6443", "b:6443"}) {
		t.Error(found)
	}
}

func TestAServerThatLeftIsForgottenAndANewOneComesLast(t *testing.T) {
	b := &balancer{servers: []string{"b:6443", "a:6443"}}
	b.take([]string{"a:6443", "d:6443"})
	if found := b.all(); !slices.Equal(found, []string{"a:6443", "d:6443"}) {
		t.Error(found)
	}
}

func TestAnEmptyAnswerForgetsNobody(t *testing.T) {
	b := &balancer{servers: []string{"a:6443"}}
	b.take(nil)
	if found := b.all(); !slices.Equal(found, []string{"a:6443"}) {
		t.Error(found)
	}
}
