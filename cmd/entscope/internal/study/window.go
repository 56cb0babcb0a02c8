package study

import (
	"time"

	"github.com/pelletier/go-toml/v2"
)

// Window is the study's period in days since 1970-01-01, both included.
type Window struct{ Start, End int32 }

// Days is the number of days of the window.
func (w Window) Days() int32 { return w.End - w.Start + 1 }

// Window returns the study's period.
func (s *Study) Window() Window {
	return Window{Start: day(s.About.Start), End: day(s.About.End)}
}

func day(d toml.LocalDate) int32 {
	return int32(d.AsTime(time.UTC).Unix() / 86400)
}
