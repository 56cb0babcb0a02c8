package release

import (
	"fmt"
	"slices"
	"strings"
)

// Recall books that every copy of a release was taken back and destroyed.
func (r *Register) Recall(e Entry) error { return r.end(KindRecall, e) }

// Withdraw books that the release that bears a name now was removed in the run that made it.
func (r *Register) Withdraw(name string) error {
	bearers, err := r.Bearers(name)
	if err != nil {
		return err
	}
	return r.end(KindWithdraw, bearers[0])
}

// sealedFolder is the label of the folder of a release.
const sealedFolder = "release/folder"

// Folder is Candidate.Folder of an entry; "" where it keeps none.
func (r *Register) Folder(e Entry) (string, error) {
	if len(e.Folder) == 0 {
		return "", nil
	}
	folder, err := r.key.Open(sealedFolder, e.Folder)
	if err != nil {
		return "", fmt.Errorf("release: line %d: %w: %w", e.Number, err, ErrDamaged)
	}
	return string(folder), nil
}

// Bearers are the releases of a name that were not taken back, the newest first: a copy of a study gives its own the names
// of the first. None is an error.
func (r *Register) Bearers(name string) (bearers []Entry, err error) {
	var names []string
	for _, e := range slices.Backward(r.entries) {
		if e.Kind == KindRecall || e.Kind == KindWithdraw || r.fate(e) != "" {
			continue
		}
		if e.Name == name {
			bearers = append(bearers, e)
		}
		names = append(names, e.Name)
	}
	if len(bearers) > 0 {
		return bearers, nil
	}
	return nil, fmt.Errorf("release: no release %q in %s; it has %s", name, r.path, strings.Join(names, ", "))
}

// end adds the last line on a release.
func (r *Register) end(kind string, e Entry) error {
	return r.append(Entry{Kind: kind, Name: e.Name, Study: e.Study, Start: e.Start, End: e.End, Made: e.Made}, nil)
}

// fate is KindRecall or KindWithdraw when a later entry says so of e, or "".
func (r *Register) fate(e Entry) string {
	for _, o := range r.entries[e.Number:] {
		if (o.Kind == KindRecall || o.Kind == KindWithdraw) && o.Name == e.Name && o.Made == e.Made {
			return o.Kind
		}
	}
	return ""
}

// gone is fate as what would leave beside e has it: an edition is taken back once all that was made of it is. The numbers
// of a publication are of the same persons, and two of them are as good a subtraction as two editions.
func (r *Register) gone(e Entry) string {
	fate := r.fate(e)
	if fate == KindRecall && len(r.madeOf(e)) > 0 {
		return ""
	}
	return fate
}

// madeOf names what was made of an edition, publications and tables, and was not taken back.
func (r *Register) madeOf(e Entry) (names []string) {
	for _, o := range r.entries[e.Number:] {
		if slices.Contains(o.Of, e.Number) && r.fate(o) == "" {
			names = append(names, o.Name)
		}
	}
	return names
}

// StillOut names what was not taken back of the releases of a name: itself, and what was made of it.
func (r *Register) StillOut(name string) (names []string) {
	for _, e := range r.entries {
		if e.Name != name || e.Kind == KindRecall || e.Kind == KindWithdraw {
			continue
		}
		if r.fate(e) == "" {
			names = append(names, name)
		}
		names = append(names, r.madeOf(e)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// copies are those that a way on asks to take back.
func (r *Register) copies(name string) string {
	out := r.StillOut(name)
	if !slices.Contains(out, name) {
		return "every copy of what was made of it (" + strings.Join(out, ", ") + ")"
	}
	return "every copy of " + strings.Join(out, ", ")
}
