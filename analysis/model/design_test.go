package model

import (
	"slices"
	"testing"
)

// What a column adds nothing to over the rows there are is left out and named, as R does:
//
//	d <- data.frame(l = factor(c("e","e","e","c","c","c","y","y"), c("e","c","y")),
//	  b = factor(c(1,2,3,1,2,3,1,3)), x = c(1,4,2,8,5,7,3,6))
//	names(which(is.na(coef(lm(x ~ l * b, d)))))        # ly:b2
//	names(which(is.na(coef(lm(x ~ l * b, d[-2, ])))))  # lc:b2, ly:b2
func TestRepeatedColumnsAreLeftOut(t *testing.T) {
	all := [][]string{{"ecole", "1"}, {"ecole", "2"}, {"ecole", "3"}, {"college", "1"}, {"college", "2"},
		{"college", "3"}, {"lycee", "1"}, {"lycee", "3"}}
	for name, c := range map[string]struct {
		rows            [][]string
		empty, repeated []string
	}{
		"a cell is missing": {all, []string{"level lycee × ips_band 2"}, nil},
		"a reference cell is missing too": {append(slices.Clone(all[:1]), all[2:]...),
			[]string{"level lycee × ips_band 2"}, []string{"level college × ips_band 2"}},
		"a factor within another": {[][]string{{"ecole", "1"}, {"ecole", "1"}, {"college", "2"}, {"lycee", "3"}},
			[]string{"level college × ips_band 3", "level lycee × ips_band 2"},
			[]string{"ips_band 2", "ips_band 3", "level college × ips_band 2", "level lycee × ips_band 3"}},
	} {
		f, err := Parse("never ~ level * ips_band")
		if err != nil {
			t.Fatal(err)
		}
		tab := &table{factors: []Factor{f.Terms[0][0], f.Terms[1][0]}}
		for _, values := range c.rows {
			tab.rows = append(tab.rows, row{values: values})
		}
		d, err := newDesign(tab, f, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(d.empty, c.empty) {
			t.Errorf("%s: no row has %q", name, d.empty)
		}
		if !slices.Equal(d.repeated, c.repeated) {
			t.Errorf("%s: repeated %q", name, d.repeated)
		}
	}
}
