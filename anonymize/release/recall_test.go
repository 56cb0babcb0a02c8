package release

import (
	"errors"
	"strings"
	"testing"
)

// TestTakenBackWithWhatWasMadeOfIt: an edition that was taken back counts until its publication and the tables of
// researchers were too, which tell of the same persons; the refusal says which are out.
func TestTakenBackWithWhatWasMadeOfIt(t *testing.T) {
	path, key := first(t)
	r := open(t, path, key)
	for name, kind := range map[string]string{"published-T1": KindPublication, "withdrawn-T1": KindPublication,
		"tables-few": KindTables} {
		made := Candidate{Kind: kind, Name: name, Study: "s", Made: name, Start: "2025-09-01", End: "2025-12-31", Of: []int{1}}
		if _, err := r.Book(made, Verdict{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Withdraw("withdrawn-T1"); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ out, recall string }{
		{"published-T1, research-T1, tables-few", "research-T1"},
		{"what was made of it (published-T1, tables-few)", "published-T1"},
		{"what was made of it (tables-few)", "tables-few"},
	} {
		_, err := r.Admit(candidate("research-T1.2", "b", census(499, 5)), rules)
		if !errors.Is(err, ErrNear) {
			t.Fatalf("before %s is taken back: %v, want ErrNear", step.recall, err)
		}
		if !strings.Contains(err.Error(), "take every copy of "+step.out+" back") {
			t.Errorf("before %s is taken back: %v, want %s", step.recall, err, step.out)
		}
		if err := recall(r, step.recall); err != nil {
			t.Fatal(err)
		}
	}
	if out := r.StillOut("research-T1"); len(out) > 0 {
		t.Errorf("still out: %v", out)
	}
	v, err := r.Admit(candidate("research-T1.2", "b", census(499, 5)), rules)
	if err != nil {
		t.Fatal(err)
	}
	if !v.Persons {
		t.Error("no rows of persons although all was taken back")
	}
}

// TestRecallOfANameAtATime: of two publications of a name the later one is taken back first, and the other is still out.
func TestRecallOfANameAtATime(t *testing.T) {
	path, key := first(t)
	r := open(t, path, key)
	for _, made := range []string{"a", "b"} {
		if _, err := r.Book(Candidate{Kind: KindPublication, Name: "published-T1", Made: made, Of: []int{1}}, Verdict{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []int{1, 0} {
		if err := recall(r, "published-T1"); err != nil {
			t.Fatal(err)
		}
		if out := r.StillOut("published-T1"); len(out) != want {
			t.Errorf("still out: %v, want %d", out, want)
		}
	}
}

// recall takes the newest release of a name back.
func recall(r *Register, name string) error {
	bearers, err := r.Bearers(name)
	if err != nil {
		return err
	}
	return r.Recall(bearers[0])
}
