package edition

import (
	"strings"
	"testing"
)

// A valid entry with one change is refused.
func TestMeasuresAreStrict(t *testing.T) {
	const valid = `[groupings]
wide = ["all", "level"]
few = ["all"]

[[measure]]
name = "L1.a"
kind = "share"
per_head = true
x = "1 if so"
y = "1"
populations = ["all_accounts"]
groupings = ["few"]
pages = "school"
`
	list, err := readMeasures([]byte(valid))
	if err != nil {
		t.Fatal(err)
	}
	if m := list.Measures[0]; len(m.By) != 1 || m.By[0] != "all" {
		t.Errorf("few stands for %v", m.By)
	}
	for _, c := range []struct{ from, to, want string }{
		{`name = "L1.a"`, "", "the name is missing"},
		{`"share"`, `"rate"`, "kind is not"},
		{`"share"`, `"amount"`, "per_head goes with a share"},
		{`x = "1 if so"`, "", "x or y"},
		{`"all_accounts"`, `"everybody"`, `population "everybody"`},
		{`["all_accounts"]`, `[]`, "no population"},
		{`["few"]`, `["region"]`, `grouping "region"`},
		{`"school"`, `"front"`, "pages is not"},
		{`per_head`, `per_heads`, "strict"},
	} {
		_, err := readMeasures([]byte(strings.Replace(valid, c.from, c.to, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s for %s: %v", c.to, c.from, err)
		}
	}
	if _, err := readMeasures([]byte(valid + valid[strings.Index(valid, "[[measure]]"):])); err == nil {
		t.Error("a measure that stands twice is accepted")
	}
}

// What stands on a school page is never what may not.
func TestPagesOfMeasures(t *testing.T) {
	never := 0
	for _, m := range Measures {
		if m.Pages == PagesNever {
			never++
		}
		if m.Schools() && m.Pages != PagesSchool {
			t.Errorf("%s: %s", m.Name, m.Pages)
		}
	}
	if never == 0 {
		t.Error("no measure is kept off the pages of schools")
	}
}
