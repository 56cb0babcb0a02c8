package pipeline

import "testing"

func TestEnoughMemory(t *testing.T) {
	for people, want := range map[int64]int{1_625: 192, 9_260: 192, 74_000: 576} {
		if got := enoughMemory(people); got != want {
			t.Errorf("%d people: %d MiB, want %d", people, got, want)
		}
	}
}
