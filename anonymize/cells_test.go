package anonymize

import (
	"slices"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/perturb"
	"github.com/entscope/entscope/anonymize/subject"
)

// cellsOf are the cells of the research edition under some floors and noise.
func cellsOf(t *testing.T, o Options, floors subject.Floors, noise perturb.Parameters,
) ([]edition.SumRow, []edition.TimeRow) {
	t.Helper()
	b := behavioursOf(t, o, floors)
	defer b.Close()
	return cellsAs(t, o, b, floors, noise)
}

// behavioursOf are the behaviours of a zone, of which several editions are made as Make does.
func behavioursOf(t *testing.T, o Options, floors subject.Floors) *subject.Builder {
	t.Helper()
	b, err := subject.Open(t.Context(), o.subjectOptions(subject.Research, floors, o.Research.Cells))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// as is the builder of an edition of some behaviours.
func as(t *testing.T, o Options, behaviours *subject.Builder, kind subject.Kind, floors subject.Floors,
	noise perturb.Parameters) *subject.Builder {
	t.Helper()
	so := o.subjectOptions(kind, floors, o.Research.Cells)
	so.Perturbation = &noise
	b, err := behaviours.As(so)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// cellsAs are the cells of the research edition of some behaviours.
func cellsAs(t *testing.T, o Options, behaviours *subject.Builder, floors subject.Floors, noise perturb.Parameters,
) ([]edition.SumRow, []edition.TimeRow) {
	t.Helper()
	sums, times, err := as(t, o, behaviours, subject.Research, floors, noise).Cells(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(sums.All()), times
}
