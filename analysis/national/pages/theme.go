package pages

import (
	_ "embed"
	"fmt"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/analysis/question"
)

//go:embed themes.toml
var themesText []byte

// theme is one page of figures: its words, and then its figures.
type theme struct {
	ID     string
	File   string
	Menu   question.Text
	Title  question.Text
	Lead   question.Text
	Method []question.Text
	// Interval says that the page explains its intervals.
	Interval bool
	Figures  []figure `toml:"-"`
}

// readThemes reads the words of the pages.
func readThemes() ([]theme, error) {
	var file struct{ Theme []theme }
	if err := toml.Unmarshal(themesText, &file); err != nil {
		return nil, fmt.Errorf("pages: themes.toml: %w", err)
	}
	return file.Theme, nil
}

// figuresOf are the figures of a theme.
func (s *site) figuresOf(id string) []figure {
	return map[string]func() []figure{
		"visits": s.visits, "perimeter": s.perimeter, "events": s.events, "devices": s.devices,
		"services": s.services, "gradient": s.gradient, "calendar": s.calendar,
	}[id]()
}
