package study

import (
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/anonymize/zone"

	"github.com/entscope/entscope/anonymize/durable"
)

func TestOverdue(t *testing.T) {
	s := &Study{Dir: t.TempDir(), Output: Output{Restricted: "restricted"}, Legal: Legal{Retention: "12 months"}}
	now := time.Now()
	if text, err := s.Overdue(now.AddDate(9, 0, 0)); err != nil || text != "" {
		t.Errorf("without a zone: %q %v", text, err)
	}
	if _, err := pseudonym.CreateSalt(durable.Disk{}, s.Path("restricted")); err != nil {
		t.Fatal(err)
	}
	since, err := zone.Since(s.Path("restricted"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		retention string
		at        time.Time
		late      bool
	}{
		{"12 months", since, false}, {"12 months", since.AddDate(0, 12, 0), false},
		{"12 months", since.AddDate(0, 12, 0).Add(1), true},
		{"2 ans", since.AddDate(0, 12, 1), false}, {"", since.AddDate(9, 0, 0), false},
		{"until the end of the study", since.AddDate(9, 0, 0), false},
	} {
		s.Legal.Retention = c.retention
		text, err := s.Overdue(c.at)
		if err != nil || (text != "") != c.late ||
			c.late && !strings.Contains(text, since.AddDate(0, 12, 0).Format(time.DateOnly)) {
			t.Errorf("%q at %s: %q %v", c.retention, c.at.Format(time.DateOnly), text, err)
		}
	}
}
