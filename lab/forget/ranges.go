package main

import (
	"slices"
	"sort"
)

// span is the bytes from begin to before end.
type span struct{ begin, end int64 }

// spans are sorted, and neither overlap nor touch.
type spans []span

func (s spans) with(begin, end int64) spans {
	if begin >= end {
		return s
	}
	first := sort.Search(len(s), func(i int) bool { return s[i].end >= begin })
	last := first
	for last < len(s) && s[last].begin <= end {
		begin, end = min(begin, s[last].begin), max(end, s[last].end)
		last++
	}
	return slices.Replace(s, first, last, span{begin, end})
}
