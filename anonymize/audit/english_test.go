package audit

import (
	"context"
	"testing"
)

// TestEnglish: each claim of a whole audit has an English title and kind.
func TestEnglish(t *testing.T) {
	editions, dir := publish(t, nil)
	finish(t, editions, dir, testKey(1))
	r, err := Folders(context.Background(), Inputs{Editions: append(editions, research().write(t)), Published: dir,
		Again: asIs(t, dir)}, config(t))
	must(t, err)
	if len(r.Claims) < 60 {
		t.Fatalf("%d claims: this is no whole audit", len(r.Claims))
	}
	for _, c := range r.Claims {
		if c.English() == c.Title {
			t.Errorf("%s has no English title", c.ID)
		}
		if c.Proof.English() == "" {
			t.Errorf("%s: no English for %q", c.ID, c.Proof)
		}
	}
}
