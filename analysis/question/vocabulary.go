package question

import (
	"slices"
	"strings"
)

// Axis words a list of places that measures stand for (edition.Places), in its order.
type Axis struct {
	Name   string  `toml:"name"`
	Places []Place `toml:"places"`
}

// Place is one of them: its text in the label of a measure, and the short one beside a map.
type Place struct {
	Name string `toml:"name"`
	Text
	Short Text `toml:"short"`
	// Length is how much of the axis it holds: the hours of a band, 1 of a weekday.
	Length float64 `toml:"length"`
}

// At is where a place stands; -1 of what is none.
func (a Axis) At(name string) int {
	return slices.IndexFunc(a.Places, func(p Place) bool { return p.Name == name })
}

// Population names a denominator.
type Population struct {
	Name string
	Text
}

// Grouping names a way of parting the population and its groups.
type Grouping struct {
	Name string `toml:"name"` // empty: the whole population
	Text
	// Tabled groupings have a table under each figure of measures.
	Tabled bool `toml:"tabled"`
	// Groups are the values in their order, where they have one; Order is the same for
	// values that need no words.
	Groups []Group  `toml:"groups"`
	Order  []string `toml:"order"`
	// Crosses are the two groupings whose groups this one crosses; a group is named by both
	// names, with a space between them.
	Crosses []string `toml:"crosses"`
}

// Crossed gives the group of each of the two groupings that a group of a cross lies in.
func Crossed(group string) (first, second string) {
	first, second, _ = strings.Cut(group, " ")
	return first, second
}

// Group names one value of a grouping.
type Group struct {
	Name string `toml:"name"`
	Text
}

// GroupText words a value; false when it has no words.
func (g Grouping) GroupText(name string) (Text, bool) {
	i := slices.IndexFunc(g.Groups, func(v Group) bool { return v.Name == name })
	if i < 0 {
		return Text{}, false
	}
	return g.Groups[i].Text, true
}

// Values are the values in their order.
func (g Grouping) Values() []string {
	if len(g.Groups) == 0 {
		return g.Order
	}
	names := make([]string, len(g.Groups))
	for i, v := range g.Groups {
		names[i] = v.Name
	}
	return names
}
