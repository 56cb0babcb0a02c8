package audit

import (
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
)

// TestPossibleWidths: of numbers that leave as the next of two digits, what could have been so is possible.
func TestPossibleWidths(t *testing.T) {
	for name, c := range map[string]struct {
		w    edition.Widths
		want bool
	}{
		"four figures, one lost":    {edition.Widths{Figures: 10, Lost: 10, Median: 1.5, Mean: 1.5, Within: 0.75}, true},
		"104, 51 lost":              {edition.Widths{Figures: 110, Lost: 60, Median: 1, Mean: 1, Within: 0.51}, true},
		"1,076, 485 lost":           {edition.Widths{Figures: 1100, Lost: 490, Median: 1, Mean: 1, Within: 0.54}, true},
		"more within than are left": {edition.Widths{Figures: 2400, Lost: 300, Median: 1, Mean: 1, Within: 0.95}, false},
		"more lost than there were": {edition.Widths{Figures: 100, Lost: 110}, false},
		"narrower than nothing":     {edition.Widths{Figures: 100, Median: -1}, false},
		"more than all within":      {edition.Widths{Figures: 100, Median: 1, Mean: 1, Within: 1.2}, false},
	} {
		if got := possibleWidths(c.w); got != c.want {
			t.Errorf("%s: possible %v, want %v", name, got, c.want)
		}
	}
}
