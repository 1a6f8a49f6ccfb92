package main

import (
	"slices"
	"testing"
)

func TestSpansNeitherOverlapNorTouch(t *testing.T) {
	for _, it := range []struct {
		add  []span
		want spans
	}{
		{[]span{{5, 5}}, nil},
		{[]span{{0, 2}, {4, 6}}, spans{{0, 2}, {4, 6}}},
		{[]span{{4, 6}, {0, 2}}, spans{{0, 2}, {4, 6}}},
		{[]span{{0, 2}, {2, 4}}, spans{{0, 4}}},
		{[]span{{0, 2}, {4, 6}, {8, 9}, {1, 8}}, spans{{0, 9}}},
		{[]span{{0, 9}, {3, 4}}, spans{{0, 9}}},
		{[]span{{0, 2}, {8, 9}, {4, 5}}, spans{{0, 2}, {4, 5}, {8, 9}}},
	} {
		var got spans
		for _, part := range it.add {
			got = got.with(part.begin, part.end)
		}
		if !slices.Equal(got, it.want) {
			t.Errorf("%v: got %v, want %v", it.add, got, it.want)
		}
	}
}
