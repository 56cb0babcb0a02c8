package region

import (
	"bytes"
	_ "embed" // the assumptions
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

//go:embed assumptions.toml
var assumptionsText []byte

// ReadAssumptions reads the assumptions that are built in. A name that is unknown,
// missing or told twice, and an entry without unit, basis or source, is an error.
func ReadAssumptions() (*Assumptions, error) {
	var file struct {
		Strata      []Stratum         `toml:"stratum"`
		Assumptions []Assumption      `toml:"assumption"`
		Notes       map[string]string `toml:"notes"`
	}
	if err := toml.NewDecoder(bytes.NewReader(assumptionsText)).DisallowUnknownFields().Decode(&file); err != nil {
		return nil, fmt.Errorf("read assumptions.toml: %w", err)
	}
	a := &Assumptions{Strata: file.Strata, Notes: file.Notes}
	values := map[string]any{}
	for _, e := range file.Assumptions {
		if _, twice := values[e.Name]; twice {
			return nil, fmt.Errorf("assumptions.toml: %q stands twice", e.Name)
		}
		if e.Unit == "" || e.Basis != Seen && e.Basis != Assumed || e.Source == "" {
			return nil, fmt.Errorf("assumptions.toml: %q has no unit, basis or source", e.Name)
		}
		values[e.Name] = e.Value
		if !e.Unlisted {
			a.Listed = append(a.Listed, e)
		}
	}
	return a, a.Numbers.set(values)
}

// set fills the numbers by their names: all of them, and no other.
func (n *Numbers) set(values map[string]any) error {
	text, err := json.Marshal(values)
	if err != nil {
		return fmt.Errorf("assumptions.toml: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(n); err != nil {
		return fmt.Errorf("assumptions.toml: %w", err)
	}
	for f := range reflect.TypeFor[Numbers]().Fields() {
		if _, ok := values[f.Tag.Get("json")]; !ok {
			return fmt.Errorf("assumptions.toml: %q is missing", f.Tag.Get("json"))
		}
	}
	return nil
}

// List is what truth.json lists, nested at the dots of the names; what is said of a
// window of years under "years" alone when years is set.
func (a *Assumptions) List(years bool) map[string]any {
	list := map[string]any{"composition": a.composition()}
	put := func(name string, value any) {
		group, rest, nested := strings.Cut(name, ".")
		switch {
		case !nested:
			list[name] = value
		case group == "years" && !years:
		default:
			if list[group] == nil {
				list[group] = map[string]any{}
			}
			list[group].(map[string]any)[rest] = value
		}
	}
	for _, e := range a.Listed {
		put(e.Name, e.Value)
	}
	for name, text := range a.Notes {
		put(name, text)
	}
	return list
}

func (a *Assumptions) composition() map[string]any {
	kinds := map[string]any{}
	for _, s := range a.Strata {
		kind := s.EP
		if s.private() {
			kind = s.Sector
		}
		kinds[s.Level+" "+kind] = map[string]any{"schools_of_30": s.Per30, "ips_mean": s.IPSMean, "ips_sd": s.IPSSD}
	}
	return kinds
}
