package edition

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

//go:embed groups.toml
var groupsText []byte

// words are groups.toml: the house does not start when it is unsound.
var words = func() (list struct {
	Groups   map[string][]string
	Weeks    struct{ Profiles, Services []string }
	Coverage struct{ Settings []string }
}) {
	if err := toml.Unmarshal(groupsText, &list); err != nil {
		panic(err)
	}
	return list
}()

// The words of the tables weeks and coverage.
var (
	WeekProfiles = words.Weeks.Profiles
	WeekServices = words.Weeks.Services // beside all of them
	Settings     = words.Coverage.Settings
)

var (
	monthForm = regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])$`)
	// territoryForm is a name without a number: académies are named so, and a study may name others.
	territoryForm = regexp.MustCompile(`^\p{L}[\p{L} ’'-]{0,39}$`)
)

// InGroup reports whether a group may be one of a grouping.
func InGroup(grouping, group string) bool {
	switch grouping {
	case "month":
		return monthForm.MatchString(group)
	case "territory":
		return territoryForm.MatchString(group)
	case "stratum":
		level, band, _ := strings.Cut(group, " ")
		return InGroup("level", level) && InGroup("ips_band", band)
	}
	return slices.Contains(words.Groups[grouping], group)
}
