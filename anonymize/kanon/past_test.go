package kanon

import (
	"math"
	"slices"
	"testing"
)

// What was kept of more rows bounds what is kept of fewer, and the nodes of the least scores that
// kept enough come first.
func TestPastBoundsWhatIsLeft(t *testing.T) {
	p := newPast([]int{3, 2})
	if suppressed, score := p.of([]int{2, 1}, 100); suppressed != 0 || score != 0 {
		t.Errorf("of a node never looked at: %d suppressed, score %v", suppressed, score)
	}
	p.note([]int{2, 1}, 60, 0.5)
	p.note([]int{0, 1}, 20, 0.3)
	p.note([]int{1, 0}, 40, 0.4)
	p.note([]int{0, 0}, 10, 0) // it kept too few, and has no score
	p.note([]int{2, 1}, math.MaxInt32, 0)
	if suppressed, score := p.of([]int{2, 1}, 100); suppressed != 40 || score != 0.5 {
		t.Errorf("%d suppressed, want 40; score %v, want 0.5", suppressed, score)
	}
	if suppressed, _ := p.of([]int{2, 1}, 50); suppressed != 0 {
		t.Errorf("of fewer rows than were kept: %d suppressed", suppressed)
	}
	got := p.best(2, 15)
	if want := [][]int{{0, 1}, {1, 0}}; !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("the best two are %v, want %v", got, want)
	}
	if got := p.best(9, 30); len(got) != 2 {
		t.Errorf("%v kept 30 rows", got)
	}
}
