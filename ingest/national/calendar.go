package national

import (
	"fmt"
	"io"
	"time"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/tabular"
)

// calendarDays are the days the calendar is laid out for: whole weeks from the
// beginning of the DNMA to the end of the last school year that a file can speak of.
var calendarFirst, calendarLast = dayOf(2019, time.July, 29), dayOf(2031, time.August, 3)

// readCalendar adds the holidays of a file.
func readCalendar(r io.Reader, l *layout, separator byte, h *directory.Holidays, t *tally) error {
	m := &tabular.Mapping{
		Delimiter: delimiterName(separator), Columns: map[string]any{},
		DateTime: directory.CalendarMapping.DateTime, Timezone: directory.CalendarMapping.Timezone,
	}
	for name, i := range l.fields {
		m.Columns[name] = i + 1
	}
	used, ignored, err := h.Read(r, m, func(j ingest.Reject) { t.refuse(j.Reason, place{Line: j.Line}) })
	t.accepted += used
	t.ignored += ignored
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}

// calendarRows are the weeks of each zone between two Mondays, as far as the files speak
// of them: behind that nobody knows what is term.
func calendarRows(h *directory.Holidays, from, to int32) (rows []CalendarRow) {
	for _, zone := range h.Zones() {
		days := h.Days(zone)
		first, last := h.Known(zone)
		for i := 0; i+6 < len(days); i += 7 {
			if days[i].Day < max(from, first-6) || days[i].Day > min(to, last) {
				continue
			}
			row := CalendarRow{Zone: zone, WeekDay: days[i].Day}
			times := map[string]int{}
			best := ""
			for _, d := range days[i : i+5] {
				if d.SchoolDay {
					row.TermDays++
				}
				name := h.Name(zone, d.Day)
				if times[name]++; name != "" && times[name] > times[best] {
					best = name
				}
			}
			if times[best] >= 3 {
				row.Holiday = optional(best)
			}
			rows = append(rows, row)
		}
	}
	return rows
}
