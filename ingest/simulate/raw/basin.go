package raw

import (
	"fmt"
	"strconv"
	"time"

	"github.com/entscope/entscope/ingest/simulate/region"
)

// basin is a basin being written: its people with their names and accounts.
type basin struct {
	*region.Basin
	accounts
}

func (b *basin) name(format string) string { return fmt.Sprintf("%s-%04d", format, b.Number+1) }

// id is a person's identifier in the directory.
func (b *basin) id(who int) string { return strconv.FormatInt(b.People[who].Number, 10) }

// dayText writes a day of the window; nothing when it lies beyond.
func (b *basin) dayText(day int, layout string) string {
	if day == region.NoDay || day >= b.Window.Days {
		return ""
	}
	return b.Window.Date(day).Format(layout)
}

// dateText writes a day of the window, or before it.
func (b *basin) dateText(day int, layout string) string {
	if day == region.NoDay {
		return ""
	}
	return b.Window.Date(day).Format(layout)
}

// instantText writes an instant in local time.
func (b *basin) instantText(ts int64, layout string) string {
	return b.local(ts).Format(layout)
}

// local is an instant in local time.
func (b *basin) local(ts int64) time.Time { return time.UnixMilli(ts).In(b.Window.Paris) }
