package region

import (
	"bytes"
	_ "embed" // the holidays
	"fmt"

	"github.com/pelletier/go-toml/v2"
)

//go:embed holidays.toml
var holidaysText []byte

// Holiday is one row of the open calendar: the first day off and the day the classes
// begin again, for each zone, as "2025-10-18".
type Holiday struct {
	Name string    `toml:"name"`
	From [3]string `toml:"from"`
	To   [3]string `toml:"to"`
}

// holidaysSince gives the holidays and the public holidays (of metropolitan France) from
// the school year that begins in a year on.
func holidaysSince(first int) (holidays []Holiday, public []string, err error) {
	var file struct {
		Years []struct {
			Begins   int       `toml:"begins"`
			Public   []string  `toml:"public"`
			Holidays []Holiday `toml:"holiday"`
		} `toml:"year"`
	}
	if err := toml.NewDecoder(bytes.NewReader(holidaysText)).DisallowUnknownFields().Decode(&file); err != nil {
		return nil, nil, fmt.Errorf("read holidays.toml: %w", err)
	}
	for _, y := range file.Years {
		if y.Begins >= first {
			holidays, public = append(holidays, y.Holidays...), append(public, y.Public...)
		}
	}
	return holidays, public, nil
}
