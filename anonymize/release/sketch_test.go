package release

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Tokens that stand in one of two sketches only are told, or the sketch says that
// they are too many.
func TestDifferencesAreWhatDiffers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token := rapid.Uint64()
		common := rapid.SliceOfNDistinct(token, 0, 300, rapid.ID[uint64]).Draw(t, "common")
		differ := rapid.SliceOfNDistinct(token.Filter(func(x uint64) bool { return !slices.Contains(common, x) }),
			0, 40, rapid.ID[uint64]).Draw(t, "differ")
		var a, b sketch
		for _, x := range common {
			a.add(x)
			b.add(x)
		}
		for i, x := range differ {
			if i%3 == 0 {
				a.add(x)
			} else {
				b.add(x)
			}
		}
		got, ok := a.differences(&b)
		if !ok {
			t.Fatalf("%d differences could not be told", len(differ))
		}
		slices.Sort(got)
		slices.Sort(differ)
		if !slices.Equal(got, differ) {
			t.Fatalf("got %d differences, want %d", len(got), len(differ))
		}
	})
}

// As many differences as a register must tell are told every time, not nearly every time:
// with three rows, one sketch of 60 tokens in sixty could not be read.
func TestSixtyDifferencesAreAlwaysTold(t *testing.T) {
	var token uint64
	for trial := range 20_000 {
		var a, b sketch
		for i := range 60 {
			token++
			if i%2 == 0 {
				a.add(mix(token))
			} else {
				b.add(mix(token))
			}
		}
		if _, ok := a.differences(&b); !ok {
			t.Fatalf("60 differences could not be told in trial %d", trial)
		}
	}
}

func TestManyDifferencesAreSaidToBeMany(t *testing.T) {
	var a, b sketch
	for x := range uint64(5000) {
		a.add(mix(x))
		b.add(mix(x + 10_000))
	}
	if got, ok := a.differences(&b); ok {
		t.Errorf("told %d of 10,000 differences", len(got))
	}
	var again sketch
	if err := again.unmarshal(a.marshal()); err != nil {
		t.Fatal(err)
	}
	if again != a {
		t.Error("a sketch that was written and read is another one")
	}
}
