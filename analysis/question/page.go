package question

import (
	"slices"
	"strings"
)

// Page is one page of the report, a theme of the mission.
type Page struct {
	Name  string `toml:"name"` // of its file
	Menu  Text   `toml:"menu"`
	Title Text   `toml:"title"`
	Lead  Text   `toml:"lead"`
	// Questions belong to the page, each of the catalogue to one; Figures are the few that
	// stand on it, also of questions of other pages.
	Questions []string `toml:"questions"`
	Figures   []string `toml:"figures"`
	// Finding is what the front page says of it; nil for nothing.
	Finding *Finding `toml:"finding"`
}

// Finding is an answer of the front page: a number, what it may be compared with, and what
// must not be concluded.
type Finding struct {
	Ref
	Title Text `toml:"title"`
	Text  Text `toml:"text"` // completes the number
	// Figure is where the number stands, and whose verdict is said of it.
	Figure string `toml:"figure"`
	// By is a grouping of that figure whose lowest and highest groups are compared; empty
	// for none.
	By string `toml:"by"`
	// Check is a number that says whether the answer may be read at all, in the same sentence:
	// its text holds "{value}".
	Check  *Beside  `toml:"check"`
	Beside []Beside `toml:"beside"`
	Not    Text     `toml:"not"`
}

// Beside is a number to compare a finding with.
type Beside struct {
	Ref
	Text Text `toml:"text"`
	// Apart says that it has another denominator: it is said, and not drawn in line.
	Apart bool `toml:"apart"`
}

// Need is what would make questions measurable.
type Need struct {
	Questions []string `toml:"questions"`
	Text
}

// Pages returns the pages of the report in their order.
func Pages() []Page { return slices.Clone(catalogue().pages) }

// NeedOf says what would make a question measurable.
func NeedOf(id string) Text {
	for _, n := range catalogue().needs {
		if slices.Contains(n.Questions, id) {
			return n.Text
		}
	}
	return Text{}
}

// checkPages holds that every question belongs to one page and has its need, and that what the
// pages name exists.
func (c *checker) checkPages() {
	home, need := map[string]int{}, map[string]int{}
	figures := map[string]bool{}
	for _, q := range c.questions {
		for _, f := range q.Figures {
			figures[f.ID] = true
		}
	}
	for _, p := range c.pages {
		where := "page " + p.Name
		c.once("page", p.Name)
		c.text(where+": menu", p.Menu)
		c.text(where+": title", p.Title)
		c.text(where+": lead", p.Lead)
		for _, id := range p.Questions {
			home[id]++
		}
		for _, id := range p.Figures {
			if !figures[id] {
				c.fault("%s: no figure %q", where, id)
			}
		}
		if p.Finding != nil {
			c.finding(where, *p.Finding, figures)
		}
	}
	for _, n := range c.needs {
		c.text("need", n.Text)
		for _, id := range n.Questions {
			need[id]++
		}
	}
	for _, q := range c.questions {
		if home[q.ID] != 1 {
			c.fault("%s stands on %d pages, not on one", q.ID, home[q.ID])
		}
		if need[q.ID] != 1 {
			c.fault("%s has %d needs, not one", q.ID, need[q.ID])
		}
		delete(home, q.ID)
		delete(need, q.ID)
	}
	if len(home)+len(need) > 0 {
		c.fault("pages or needs name %d questions that do not exist", len(home)+len(need))
	}
}

func (c *checker) finding(where string, f Finding, figures map[string]bool) {
	where += ": finding"
	c.ref(where, f.Ref)
	c.text(where+": title", f.Title)
	c.text(where+": text", f.Text)
	c.text(where+": not", f.Not)
	if !figures[f.Figure] {
		c.fault("%s: no figure %q", where, f.Figure)
	}
	if f.By != "" && !slices.ContainsFunc(c.groupings, func(g Grouping) bool { return g.Name == f.By }) {
		c.fault("%s: no grouping %q", where, f.By)
	}
	if f.Check != nil {
		c.ref(where+": check", f.Check.Ref)
		c.text(where+": check", f.Check.Text)
		if !strings.Contains(f.Check.Text.FR, "{value}") || !strings.Contains(f.Check.Text.EN, "{value}") {
			c.fault("%s: check: no {value}", where)
		}
	}
	for _, b := range f.Beside {
		c.ref(where+": beside", b.Ref)
		c.text(where+": beside", b.Text)
	}
}
