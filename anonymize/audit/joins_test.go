package audit

import (
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
)

// TestJoins: the joins of an edition are there, hold no text and no finer share, and reach the floor.
func TestJoins(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(m *edition.Manifest)
		ok     bool
	}{
		{"whole", func(*edition.Manifest) {}, true},
		{"without any", func(m *edition.Manifest) { m.Joins = nil }, false},
		{"of another feed", func(m *edition.Manifest) { m.Joins[0].Feed = "cas" }, false},
		{"below the floor", func(m *edition.Manifest) { m.Joins[1].Percent = 45 }, false},
		{"others below the floor", func(m *edition.Manifest) { m.Joins[0].Percent = 45 }, true},
		{"of too few", func(m *edition.Manifest) { m.Joins[1].Percent = edition.JoinUnknown }, true},
		{"finer", func(m *edition.Manifest) { m.Joins[2].Percent = 99 }, false},
		{"beyond all", func(m *edition.Manifest) { m.Joins[2].Percent = 105 }, false},
		{"with a text", func(m *edition.Manifest) { m.Joins[1].Profile = "Mme Durand" }, false},
		{"twice", func(m *edition.Manifest) { m.Joins = append(m.Joins, m.Joins[0]) }, false},
	} {
		f := research()
		c.change(&f.manifest)
		bad := slices.ContainsFunc(failed(audit(t, f.write(t))), func(s string) bool {
			return strings.HasPrefix(s, "research.joins: ")
		})
		if bad == c.ok {
			t.Errorf("%s: holds is %t", c.name, !bad)
		}
	}
}
