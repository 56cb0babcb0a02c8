package study

import (
	"slices"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
)

// TestWordsAreGroups: the levels and grade levels that a study may name are groups of an edition.
func TestWordsAreGroups(t *testing.T) {
	for list, grouping := range map[string]string{"levels": "level", "grades": "grade"} {
		words := Words()[list]
		if len(words) == 0 {
			t.Errorf("no %s", list)
		}
		for _, w := range words {
			if !edition.InGroup(grouping, w) {
				t.Errorf("%s: %q is no group", list, w)
			}
		}
	}
	for _, services := range [][]string{edition.WeekServices, edition.WeekProfiles} {
		for _, w := range services {
			if !slices.Contains(append(Words()["services"], Words()["profiles"]...), w) {
				t.Errorf("%q is no service and no profile", w)
			}
		}
	}
}
