package edition

import (
	"slices"
	"testing"
)

// TestInGroup: a group is a word of its grouping, or of its form; of every grouping of the approved list there is one.
func TestInGroup(t *testing.T) {
	for _, c := range []struct {
		grouping, group string
		in              bool
	}{
		{"all", "", true}, {"all", "Martin", false}, {"level", "college", true}, {"level", "", false},
		{"ips_band", "5", true}, {"ips_band", "6", false}, {"ep", "REP+", true}, {"ep", "EP", false},
		{"grade", "6e", true}, {"grade", "6e3", false}, {"sector", "prive", true}, {"sector", "Martin", false},
		{"territory", "Aix-Marseille", true}, {"territory", "Saint Pierre et Miquelon", true},
		{"territory", "33 visites", false}, {"territory", "a, b", false}, {"device", "mixed", true},
		{"device", "tablet 4", false}, {"month", "2025-09", true}, {"month", "2025-13", false},
		{"stratum", "college 3", true}, {"stratum", "college 9", false}, {"stratum", "college", false},
		{"publication", "deferred", true}, {"publication", "never", false}, {"seniority", "5+", true},
		{"seniority", "3", false}, {"products", "3+", true}, {"products", "4", false}, {"school", "1", false},
	} {
		if InGroup(c.grouping, c.group) != c.in {
			t.Errorf("%s %q: %v", c.grouping, c.group, !c.in)
		}
	}
	formed := []string{"month", "stratum", "territory"}
	for _, g := range Wide {
		if len(words.Groups[g]) == 0 && !slices.Contains(formed, g) {
			t.Errorf("%s has no groups", g)
		}
	}
}
