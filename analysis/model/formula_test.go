package model

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"never ~ level":                            "level",
		"never ~ 1":                                "",
		"never~level*ips_band":                     "level, ips_band, level:ips_band",
		"never ~ level + level:ips_band + level":   "level, level:ips_band",
		"never ~ a*b*c":                            "a, b, c, a:b, a:c, b:c, a:b:c",
		"L2.never ~ trend(ips_band) * level":       "trend(ips_band), level, trend(ips_band):level",
		"visits >= 3-weekly ~ accompanied":         "accompanied",
		`visits = "1-under 1/month" ~ ep:ips_band`: "ep:ips_band",
	} {
		f, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		var terms []string
		for _, term := range f.Terms {
			terms = append(terms, term.String())
		}
		if got := strings.Join(terms, ", "); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestParseFaults(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "at character 1: expected the response",
		"~ level":               "at character 1: expected the response",
		"never":                 `at character 6: expected "~"`,
		"never level":           `at character 7: expected "~"`,
		"never ~":               "at character 8: expected a factor",
		"never ~ level +":       "at character 16: expected a factor",
		"never ~ level ips":     `at character 15: expected "+", "*", ":" or the end, not "ips"`,
		"never ~ a * * b":       "at character 13: expected a factor",
		"never ~ a:a":           `at character 11: "a" stands twice`,
		"never ~ a*b*c*d":       "at character 15: a term has at most 3 factors",
		"never ~ trend(level":   `at character 20: expected ")"`,
		"visits = ~ level":      "at character 10: expected a value after =",
		"never ~ (level)":       "at character 9: expected a factor",
		`never ~ "level`:        "at character 9: expected a factor",
		"été ~ niveau ; DROP x": `at character 14: expected "+"`,
	} {
		if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("never ~ level * trend(ips_band) + a:b")
	f.Add(`visits >= "x ~ y`)
	f.Add(`visits ~ " `)
	f.Fuzz(func(t *testing.T, text string) {
		formula, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Parse(formula.Text)
		if err != nil || len(again.Terms) != len(formula.Terms) {
			t.Fatalf("%q is read, %q is not: %v", text, formula.Text, err)
		}
	})
}
