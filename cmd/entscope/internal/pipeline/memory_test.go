package pipeline

import (
	"errors"
	"testing"

	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// A setting that was not enough for fewer people is refused for more, and what is asked for instead never.
func TestTooLittleMemory(t *testing.T) {
	for _, c := range []struct {
		people  int64
		memory  int
		refused bool
	}{
		{1_625, 192, false}, {72_515, 192, false}, {72_516, 192, true}, {72_516, 193, false}, {72_516, 256, false},
		{1_800_000, 192, true}, {1_800_000, 1024, false},
	} {
		err := tooLittle(c.people, c.memory)
		if errors.Is(err, study.ErrConfig) != c.refused {
			t.Errorf("%d people, %d MiB: %v", c.people, c.memory, err)
		}
		if err := tooLittle(c.people, enoughMemory(c.people)); err != nil {
			t.Errorf("%d people, the %d MiB asked for: %v", c.people, enoughMemory(c.people), err)
		}
	}
}

func TestEnoughMemory(t *testing.T) {
	for people, want := range map[int64]int{1_625: 192, 9_260: 192, 72_516: 256, 720_000: 1088} {
		if got := enoughMemory(people); got != want {
			t.Errorf("%d people: %d MiB, want %d", people, got, want)
		}
	}
}
