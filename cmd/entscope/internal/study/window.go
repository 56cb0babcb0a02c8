package study

import (
	"fmt"
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

// Running says in a sentence that the window has not ended; "" when it has. Of a window that still runs no edition is
// made: each night would be one more of the few that may leave of it.
func (s *Study) Running(now time.Time) (string, error) {
	zone, err := time.LoadLocation(s.About.Timezone)
	if err != nil {
		return "", fmt.Errorf("study.timezone: %w", err)
	}
	if now.In(zone).Format(time.DateOnly) > s.About.End.String() {
		return "", nil
	}
	return fmt.Sprintf("the window ends on %s: the first run after that day makes editions and publication (for those of "+
		"a shorter one, set study.end)", s.About.End), nil
}
