package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/ingest/national"
)

// knownWeeks are the weekly counts of parents of schools that files of profils give, in
// the weeks that the editions speak of.
func knownWeeks(ctx context.Context, editions, files []string) ([]audit.KnownWeek, error) {
	if len(files) == 0 {
		return nil, nil
	}
	first, last := int32(1<<30), int32(0)
	for _, dir := range editions {
		m, err := edition.ReadDir(dir)
		if err != nil {
			return nil, withExit(exitInput, err)
		}
		for _, day := range []string{m.Start, m.End} {
			t, err := time.Parse(time.DateOnly, day)
			if err != nil {
				return nil, withExit(exitInput, fmt.Errorf("audit: %s: its dates cannot be read", m.Kind))
			}
			n := int32(t.Unix() / 86400)
			first, last = min(first, n), max(last, n)
		}
	}
	parent := slices.Index(national.ProfileItems(), "parent")
	inTime := func(at national.SchoolWeek) bool { return at.WeekDay >= first && at.WeekDay+6 <= last }
	rows, _, err := national.ReadProfiles(ctx, files, inTime, runtime.GOMAXPROCS(0))
	if err != nil {
		return nil, nationalExit(err)
	}
	var known []audit.KnownWeek
	for at, c := range rows {
		if c.Visits[parent] >= 0 && c.Users[parent] >= 0 {
			known = append(known, audit.KnownWeek{
				School: at.UAI, WeekDay: at.WeekDay, Visits: c.Visits[parent], Persons: c.Users[parent],
			})
		}
	}
	if len(known) == 0 {
		return nil, withExit(exitInput,
			fmt.Errorf("audit: --knowing: no count of parents in the weeks of the editions"))
	}
	return known, nil
}
