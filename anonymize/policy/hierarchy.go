package policy

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/anonymize/hierarchy"
	"github.com/entscope/entscope/anonymize/policy/keyline"
)

// hierarchyTable is the long form of a hierarchy.
type hierarchyTable struct {
	File      string              `toml:"file"`
	Delimiter string              `toml:"delimiter"`
	Annuaire  string              `toml:"annuaire"`
	Domain    string              `toml:"domain"`
	Intervals []float64           `toml:"intervals"`
	Origin    float64             `toml:"origin"`
	Bottom    *float64            `toml:"bottom"`
	Top       *float64            `toml:"top"`
	Truncate  []int               `toml:"truncate"`
	Dates     []string            `toml:"dates"`
	Layout    string              `toml:"layout"`
	Groups    []map[string]string `toml:"groups"`
}

// hierarchyOf reads the value of a hierarchy key: nothing, a name, or a table.
func hierarchyOf(value any) (Hierarchy, error) {
	switch v := value.(type) {
	case nil:
		return Hierarchy{Recipe: hierarchy.Flat}, nil
	case string:
		if r, ok := hierarchy.Domain(v); ok {
			return Hierarchy{Recipe: r}, nil
		}
		if v == "" {
			return Hierarchy{}, errors.New("hierarchy is empty")
		}
		return Hierarchy{File: v}, nil
	case map[string]any:
		var keys []string
		for _, f := range keyline.Fields(reflect.TypeFor[hierarchyTable]()) {
			keys = append(keys, f.Key)
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if !slices.Contains(keys, key) {
				return Hierarchy{}, fmt.Errorf("hierarchy: key %w", vocabulary.Unknown(key, keys))
			}
		}
		text, err := toml.Marshal(v)
		if err != nil {
			return Hierarchy{}, errors.New("hierarchy is not readable")
		}
		var t hierarchyTable
		if err := toml.Unmarshal(text, &t); err != nil {
			return Hierarchy{}, errors.New("hierarchy: a key is of the wrong type")
		}
		return t.hierarchy()
	}
	return Hierarchy{}, errors.New("hierarchy must be a file, a ready-made name or a table")
}

func (t *hierarchyTable) hierarchy() (Hierarchy, error) {
	var found []Hierarchy
	if t.File != "" {
		h := Hierarchy{File: t.File}
		if d := []rune(t.Delimiter); len(d) == 1 {
			h.Delimiter = d[0]
		} else if len(d) > 1 {
			return h, errors.New("hierarchy: delimiter must be one character")
		}
		found = append(found, h)
	}
	if t.Annuaire != "" {
		found = append(found, Hierarchy{File: t.Annuaire, Annuaire: true})
	}
	if t.Domain != "" {
		r, ok := hierarchy.Domain(t.Domain)
		if !ok {
			unknown := vocabulary.Unknown(t.Domain, hierarchy.DomainNames())
			return Hierarchy{}, fmt.Errorf("hierarchy: domain %w", unknown)
		}
		found = append(found, Hierarchy{Recipe: r})
	}
	if t.Intervals != nil {
		intervals := hierarchy.Intervals{Origin: t.Origin, Widths: t.Intervals, Bottom: t.Bottom, Top: t.Top}
		found = append(found, Hierarchy{Recipe: intervals})
	}
	if t.Truncate != nil {
		found = append(found, Hierarchy{Recipe: hierarchy.Truncate{Keep: t.Truncate}})
	}
	if t.Dates != nil {
		if t.Layout == "" {
			return Hierarchy{}, errors.New("hierarchy: dates need a layout")
		}
		found = append(found, Hierarchy{Recipe: hierarchy.Dates{Layout: t.Layout, Units: t.Dates}})
	}
	if t.Groups != nil {
		found = append(found, Hierarchy{Recipe: hierarchy.Groups{Levels: t.Groups}})
	}
	if len(found) != 1 {
		return Hierarchy{},
			errors.New("hierarchy must be exactly one of file, annuaire, domain, intervals, truncate, dates, groups")
	}
	return found[0], nil
}
