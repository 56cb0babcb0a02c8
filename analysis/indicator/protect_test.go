package indicator

import (
	"math"
	"slices"
	"testing"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/edition"
)

func TestProtect(t *testing.T) {
	for _, noisy := range []bool{false, true} {
		r := newRegion(1, 60)
		r.noisy = noisy
		exact := compute(t, r.research(t))
		out, err := released(exact, testPolicy(t))
		if err != nil {
			t.Fatal(err)
		}
		if len(out) != len(exact) {
			t.Fatalf("%d results, want %d", len(out), len(exact))
		}
		published := 0
		for i, r := range out {
			check(t, r)
			protectedForm(t, r, noisy)
			if r.counts != nil {
				t.Errorf("%s %s: exact counts left the package", r.Indicator, r.Measure)
			}
			if r.Status == Published {
				published++
				trueTo(t, r, exact[i])
			}
		}
		if published < len(out)*2/3 {
			t.Errorf("only %d of %d published", published, len(out))
		}
	}
}

func TestProtectRefuses(t *testing.T) {
	exact := compute(t, newRegion(1, 60).of("L2").research(t), "L2")
	out, err := released(exact, testPolicy(t))
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(exact, func(r Result) bool { return r.Status == Published })
	exact[at].counts = nil
	if _, err := released(exact, testPolicy(t)); err == nil {
		t.Error("a result without counts was protected")
	}
	if _, err := released(out, disclosure.Policy{}); err == nil {
		t.Error("the zero policy was accepted")
	}
}

// trueTo holds a published figure to the exact one: its value and its interval lie inside
// the published bounds, and the level is that of the interval.
func trueTo(t testing.TB, r, exact Result) {
	t.Helper()
	const noise = 1e-9 // of binary fractions
	name := r.Indicator + " " + r.Measure + " " + r.Population
	if r.Low == nil {
		return
	}
	if e := exact.Estimate; e != nil && (*e < *r.Low-noise || *e > *r.High+noise) {
		t.Errorf("%s %v: exactly %v, published as [%v, %v]", name, r.Group, *e, *r.Low, *r.High)
	}
	if r.Target == targetBounds && exact.Target != targetBounds { // « moins de »: of the value alone
		return
	}
	if exact.Low != nil && (*r.Low > *exact.Low+noise || *r.High < *exact.High-noise) {
		t.Errorf("%s %v: [%v, %v] is inside [%v, %v]", name, r.Group, *r.Low, *r.High, *exact.Low, *exact.High)
	}
	if r.Level != exact.Level {
		t.Errorf("%s %v: level %v, exactly %v", name, r.Group, r.Level, exact.Level)
	}
}

// protectedForm holds what is true of every published number.
func protectedForm(t testing.TB, r Result, noisy bool) {
	t.Helper()
	if r.N%5 != 0 {
		t.Errorf("%s %s: n = %d", r.Indicator, r.Measure, r.N)
	}
	if r.Status != Published && r.N != 0 {
		t.Errorf("%s %s: n = %d beside nothing", r.Indicator, r.Measure, r.N)
	}
	if least := testPolicy(t).Persons.Minimum; r.N > 0 && r.N < least-least%5 { // rounded to a five
		t.Errorf("%s %s: n = %d of at least %d", r.Indicator, r.Measure, r.N, least)
	}
	ind, err := question.Lookup(r.Indicator)
	if err != nil {
		t.Fatal(err)
	}
	m, _ := ind.Measure(r.Measure)
	for _, v := range []*float64{r.Estimate, r.Low, r.High} {
		if v == nil {
			continue
		}
		share, digits := 0.01, 2
		if noisy && r.Level > 0 { // they follow the persons and the interval
			share, digits = 0.001, 3
		}
		switch m.Kind {
		case question.Rate, question.Ratio, question.Index:
			step := math.Max(share, disclosure.Step(*v, digits))
			if math.Abs(*v/step-math.Round(*v/step)) > 1e-6 {
				t.Errorf("%s %s: %v has more than %d digits", r.Indicator, r.Measure, *v, digits)
			}
		case question.Share, question.EventShare, question.Bounds, question.Gap:
			if math.Abs(*v/share-math.Round(*v/share)) > 1e-6 {
				t.Errorf("%s %s: %v is finer than %v", r.Indicator, r.Measure, *v, share)
			}
		}
	}
}

func TestProtectSmall(t *testing.T) {
	r := newRegion(1, 12)
	for i := range r.schools {
		if r.schools[i].ep == "REP+" {
			r.schools[i].persons = 5
		}
	}
	exact := compute(t, r.of("L2").research(t), "L2")
	out, err := released(exact, testPolicy(t))
	if err != nil {
		t.Fatal(err)
	}
	small := find(t, out, "L2", "all_accounts", "never", map[string]string{"ep": "REP+"})
	if small.Status != Suppressed || small.Estimate != nil || small.N != 0 {
		t.Errorf("five persons a school: %+v", small)
	}
}

// Two results of one number share its fate, and a comparison of two groups
// disappears with either.
func TestCompositeFollows(t *testing.T) {
	r := newRegion(4, 60)
	for i := range r.schools {
		if r.schools[i].band == 5 {
			r.schools[i].persons = 1
		}
	}
	out, err := released(compute(t, r.of("L1", "L2", "L3", "F2").research(t), "L1", "L2", "L3", "F2"), testPolicy(t))
	if err != nil {
		t.Fatal(err)
	}
	if ratio := find(t, out, "F2", "all_accounts", "never_ratio", whole); ratio.Status != Suppressed {
		t.Errorf("a ratio over 12 persons with few never: %+v", ratio)
	}
	for _, g := range []map[string]string{whole, {"level": "lycee"}} {
		a, b := find(t, out, "L1", "all_accounts", "weekly", g), find(t, out, "L3", "all_accounts", "weekly_share", g)
		if a.Status != b.Status {
			t.Errorf("%v: L1 %s, L3 %s", g, a.Status, b.Status)
		}
	}
}

func TestSchools(t *testing.T) {
	r := newRegion(5, 60)
	for i := range r.schools {
		if i%7 == 0 {
			r.schools[i].persons = 12 // no page below 20
		}
	}
	sums := r.of("L1", "L2", "L4", "L5", "A1", "D3", "R1").sums()
	research := commit(t, r.manifest("research"), func(w *edition.Writer) error {
		return edition.WriteTable(w, edition.TableSums, sums, nil)
	})
	exact := compute(t, research, "L1", "L2", "L4", "L5", "A1", "D3", "R1")
	report, schools, err := releasedWith(exact, r.schoolsEdition(t, sums), testPolicy(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(report) != len(exact) || len(schools) != 51 {
		t.Fatalf("%d results, %d schools", len(report), len(schools))
	}
	published := 0
	for _, s := range schools {
		if s.Level == "" || s.ExpectedWeeks != weeks || s.CoveredWeeks != weeks || len(s.Feeds) != 1 {
			t.Errorf("%+v", s)
		}
		for _, x := range slices.Concat(s.Results, s.Similar) {
			check(t, x)
			protectedForm(t, x, false)
			if x.Level != 0 {
				t.Errorf("%s %s: a school page with a sampling interval", s.UAI, x.Measure)
			}
			if x.Status == Published {
				published++
			}
			if slices.Contains([]string{"N5", "P1", "N6", "N1", "N2", "N3"}, x.Indicator) {
				t.Errorf("%s on a school page", x.Indicator)
			}
		}
		if s.PeerSchools > 0 && (s.PeerSchools < 3 || len(s.Similar) == 0 || s.PeerLabel == "") {
			t.Errorf("%s: %d similar schools, %q", s.UAI, s.PeerSchools, s.PeerLabel)
		}
	}
	if published == 0 {
		t.Error("no figure on any page")
	}
}
