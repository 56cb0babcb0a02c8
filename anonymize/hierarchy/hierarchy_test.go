package hierarchy

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestDomainsAreSound(t *testing.T) {
	for _, name := range DomainNames() {
		r, ok := Domain(name)
		if !ok {
			t.Errorf("%s: not known, or not nested", name)
			continue
		}
		values := []string{"a", "b"}
		switch f := r.(type) {
		case Fixed:
			values = f.Values()
		default:
			if of, ok := map[string][]string{
				"uai": {"0750001A", "6200001B", "9740001C"}, "ips": {"58.1", "100", "171"},
				"week": {"2024-W52", "2025-W01", "2020-W53"}, "date": {"2024-12-29", "2024-12-30"},
			}[name]; ok {
				values = of
			}
		}
		h, err := r.Build(values)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if h.Size(h.MaxLevel()) != 1 {
			t.Errorf("%s: the top has %d values", name, h.Size(h.MaxLevel()))
		}
	}
	if n := len(territories()); n != 101 {
		t.Errorf("%d départements, want 101", n)
	}
}

func TestNewRefuses(t *testing.T) {
	valid := func() [][]string { return [][]string{{"a", "x", Top}, {"b", "x", Top}, {"c", "y", Top}} }
	if _, err := New(valid()); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func([][]string) [][]string{
		"no row":          func([][]string) [][]string { return nil },
		"empty row":       func([][]string) [][]string { return [][]string{{}} },
		"ragged":          func(r [][]string) [][]string { r[1] = r[1][:2]; return r },
		"value twice":     func(r [][]string) [][]string { r[1][0] = "a"; return r },
		"not nested":      func(r [][]string) [][]string { r[1][2] = "z"; return r },
		"not nested high": func(r [][]string) [][]string { r[0] = []string{"a", "x", "q"}; return r },
	} {
		_, err := New(change(valid()))
		if err == nil {
			t.Errorf("%s: no error", name)
		} else if strings.Contains(err.Error(), `"`) {
			t.Errorf("%s: the error quotes: %v", name, err)
		}
	}
}

func TestRecipes(t *testing.T) {
	five, sixty := 5.0, 60.0
	for name, c := range map[string]struct {
		recipe Recipe
		value  string
		want   []string
	}{
		"intervals": {Intervals{Widths: []float64{5, 10}}, "17", []string{"17", "[15, 20[", "[10, 20[", Top}},
		"negative":  {Intervals{Widths: []float64{5, 10}}, "-1", []string{"-1", "[-5, 0[", "[-10, 0[", Top}},
		"bottom": {Intervals{Widths: []float64{5, 10}, Bottom: &five, Top: &sixty}, "4",
			[]string{"4", "<5", "<5", Top}},
		"top": {Intervals{Widths: []float64{5, 10}, Bottom: &five, Top: &sixty}, "60",
			[]string{"60", ">=60", ">=60", Top}},
		"truncate": {Truncate{Keep: []int{3, 2}}, "éàüx", []string{"éàüx", "éàü*", "éà**", Top}},
		"dates": {Dates{Layout: "2006-01-02", Units: []string{"month", "term", "school_year"}}, "2025-10-20",
			[]string{"2025-10-20", "2025-10", "2025-2026-T1", "2025-2026", Top}},
		"weeks": {Dates{Layout: "2006-01-02", Units: []string{"week", "month", "year"}}, "2024-12-30",
			[]string{"2024-12-30", "2025-W01", "2025-01", "2025", Top}},
		"grade":       {must(Domain("grade")), "4e", []string{"4e", "4e-3e", "college", Top}},
		"grade_cycle": {must(Domain("grade_cycle")), "6e", []string{"6e", "cycle-3-college", "college", Top}},
		"uai":         {UAI, "0331234A", []string{"0331234A", "033", "Bordeaux", "Nouvelle-Aquitaine", Top}},
		"ips":         {must(Domain("ips")), "103.4", []string{"103.4", "[100, 110[", "[100, 120[", Top}},
		"ips low":     {must(Domain("ips")), "51", []string{"51", "<60", "<60", Top}},
		"week": {must(Domain("week")), "2026-W01",
			[]string{"2026-W01", "2026-01", "2025-2026-T2", "2025-2026", Top}},
		"date": {must(Domain("date")), "2024-12-30",
			[]string{"2024-12-30", "2025-W01", "2025-01", "2024-2025-T2", "2024-2025", Top}},
		"groups": {Groups{Levels: []map[string]string{{"a": "x", "b": "x"}}}, "b", []string{"b", "x", Top}},
	} {
		h, err := c.recipe.Build([]string{c.value})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for l := 0; l <= h.MaxLevel(); l++ {
			v, _ := h.Value(l, c.value)
			got = append(got, v)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func must(r Recipe, _ bool) Recipe { return r }

func TestNoPlaceGivesPositions(t *testing.T) {
	for name, r := range map[string]Recipe{
		"intervals": Intervals{Widths: []float64{5}}, "fixed": must(Domain("children")),
		"dates": Dates{Layout: "2006-01-02", Units: []string{"month"}}, "uai": UAI, "week": must(Domain("week")),
	} {
		_, err := r.Build([]string{"?", "secret"})
		var n *NoPlace
		if !errors.As(err, &n) || len(n.Positions) != 2 || !errors.Is(err, ErrNoPlace) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error quotes a value", name)
		}
	}
}

func TestRecipesRefuseTheirParameters(t *testing.T) {
	for name, r := range map[string]Recipe{
		"no width": Intervals{}, "width 0": Intervals{Widths: []float64{0}},
		"not a multiple": Intervals{Widths: []float64{5, 12}},
		"truncate up":    Truncate{Keep: []int{2, 3}}, "unit": Dates{Units: []string{"day of birth"}},
	} {
		if _, err := r.Build([]string{"1"}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add("a;x;*\nb;x;*\n")
	f.Add("a;x;*\nb;y\n")
	f.Add("\xef\xbb\xbf\"a;\"\"\";x\n")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := ReadCSV(strings.NewReader(text), ';')
		if err != nil {
			return
		}
		for _, v := range h.Values() {
			leaf, ok := h.Leaf(v)
			if !ok {
				t.Fatal("a value has no leaf")
			}
			for l := 1; l <= h.MaxLevel(); l++ {
				for _, w := range h.Values() {
					other, _ := h.Leaf(w)
					if h.Code(l-1, leaf) == h.Code(l-1, other) && h.Code(l, leaf) != h.Code(l, other) {
						t.Fatal("levels are not nested")
					}
				}
			}
		}
	})
}

// A commune of two bassins and a bassin name of two départements are cut.
const annuaire = "\xef\xbb\xbfIdentifiant_de_l_etablissement;Nom_etablissement;Code_commune;Nom_commune;" +
	"Code_departement;Libelle_departement;" +
	"Code_academie;Libelle_academie;Code_region;Libelle_region;code_bassin_formation;libelle_bassin_formation\n" +
	"0940001A;x;94028;Créteil;094;Val-de-Marne;24;Créteil;11;Ile-de-France;24942;BEF 2\n" +
	"0940002B;y;94028;Créteil;094;Val-de-Marne;24;Créteil;11;Ile-de-France;;\n" +
	"0940003C;\"z\";94016;Cachan;094;Val-de-Marne;24;Créteil;11;Ile-de-France;24942;BEF 2\n" +
	"0770004D;w;77001;Achères;077;Seine-et-Marne;24;Créteil;11;Ile-de-France;;\n"

func TestAnnuaire(t *testing.T) {
	r, err := ReadAnnuaire(strings.NewReader(annuaire))
	if err != nil {
		t.Fatal(err)
	}
	h, err := r.Build([]string{"0940001A", "0940002B", "0940003C", "0770004D"})
	if err != nil {
		t.Fatal(err)
	}
	for uai, want := range map[string][]string{
		"0940001A": {"94028 Créteil, 24942 BEF 2", "24942 BEF 2", "094 Val-de-Marne", "24 Créteil", "11 Ile-de-France",
			Top},
		"0940002B": {"94028 Créteil, none, 094 Val-de-Marne", "none, 094 Val-de-Marne", "094 Val-de-Marne",
			"24 Créteil", "11 Ile-de-France", Top},
		"0770004D": {"77001 Achères", "none, 077 Seine-et-Marne", "077 Seine-et-Marne", "24 Créteil",
			"11 Ile-de-France", Top},
	} {
		for l, w := range want {
			if got, _ := h.Value(l+1, uai); got != w {
				t.Errorf("%s, level %d: %q, want %q", uai, l+1, got, w)
			}
		}
	}
	if _, err := r.Build([]string{"0940001A", "0750001Z"}); !errors.Is(err, ErrNoPlace) {
		t.Errorf("a school that is not in the directory: %v", err)
	}
	if _, err := ReadAnnuaire(strings.NewReader(strings.Replace(annuaire, "code_bassin_formation", "bassin",
		1))); err == nil || !strings.Contains(err.Error(), `"code_bassin_formation"`) {
		t.Errorf("a missing column: %v", err)
	}
}

// FuzzReadAnnuaire: whatever the file, an error or nested levels for every school.
func FuzzReadAnnuaire(f *testing.F) {
	f.Add(annuaire, "0940001A")
	f.Add(strings.ReplaceAll(annuaire, ";", ","), "0940002B")
	f.Fuzz(func(t *testing.T, text, uai string) {
		r, err := ReadAnnuaire(strings.NewReader(text))
		if err != nil {
			return
		}
		if _, err := r.Build([]string{uai}); err != nil && !errors.Is(err, ErrNoPlace) {
			t.Fatal(err)
		}
	})
}
