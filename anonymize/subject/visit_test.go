package subject

import (
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/ingest"
)

func TestVisits(t *testing.T) {
	portal := func(day, hour, minute, second int) pseudonym.EventRow {
		return event(1, 100, ingest.ServicePortal, at(day, hour, minute, second))
	}
	failed := func(e pseudonym.EventRow) pseudonym.EventRow {
		e.Action = int8(ingest.ActionLoginFailed)
		return e
	}
	millisecond := func(e pseudonym.EventRow) pseudonym.EventRow {
		e.TsMs++
		return e
	}
	for name, c := range map[string]struct {
		events []pseudonym.EventRow
		visits int64
	}{
		"none":                                {nil, 0},
		"one event":                           {[]pseudonym.EventRow{portal(0, 8, 0, 0)}, 1},
		"gap of 1,800 s exactly stays inside": {[]pseudonym.EventRow{portal(0, 8, 0, 0), portal(0, 8, 30, 0)}, 1},
		"gap of 1,800.001 s opens a visit":    {[]pseudonym.EventRow{portal(0, 8, 0, 0), millisecond(portal(0, 8, 30, 0))}, 2},
		"a chain of short gaps is one visit":  {[]pseudonym.EventRow{portal(0, 8, 0, 0), portal(0, 8, 25, 0), portal(0, 8, 50, 0), portal(0, 9, 15, 0)}, 1},
		"order of input does not matter":      {[]pseudonym.EventRow{portal(0, 8, 50, 0), portal(0, 8, 0, 0), portal(0, 8, 25, 0)}, 1},
		"over midnight":                       {[]pseudonym.EventRow{portal(0, 23, 50, 0), portal(1, 0, 10, 0)}, 1},
		"a failed login is no visit":          {[]pseudonym.EventRow{failed(portal(0, 8, 0, 0))}, 0},
		"a failed login does not bridge":      {[]pseudonym.EventRow{portal(0, 8, 0, 0), failed(portal(0, 8, 25, 0)), portal(0, 8, 50, 0)}, 2},
		"before the window":                   {[]pseudonym.EventRow{portal(-1, 12, 0, 0)}, 0},
		"after the window":                    {[]pseudonym.EventRow{portal(70, 12, 0, 0)}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			x := base()
			x.events = append(x.events, c.events...)
			sum := sumOf(t, x.open(t, Research))
			if got := sum("all", "", "L1.visits_per_week", edition.PopAll); got != [3]int64{1, c.visits, 10} {
				t.Errorf("persons, visits, weeks: got %v, want 1, %d, 10", got, c.visits)
			}
			active := [3]int64{1, c.visits, 10}
			if c.visits == 0 {
				active = [3]int64{}
			}
			if got := sum("all", "", "L1.visits_per_week", edition.PopActive); got != active {
				t.Errorf("active accounts: got %v, want %v", got, active)
			}
		})
	}
}
