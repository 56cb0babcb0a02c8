package national

import (
	"context"
	"fmt"
	"time"
)

// read runs the statements in the order in which they need each other.
func (e *Edition) read(ctx context.Context, t *tables) error {
	if err := t.make(ctx, "school", "silence", "compared_year", "core_week"); err != nil {
		return err
	}
	for _, step := range []func(context.Context, *tables) error{
		e.readSchools, e.readCoverage, e.readColumns, e.readCalendar, e.readSocial,
		e.readFeeds, e.readUse, e.readPanel, e.readPairs, e.readWeeks, e.readDevices, e.readServices,
	} {
		if err := step(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

func (e *Edition) readSchools(ctx context.Context, t *tables) error {
	e.place = map[string]int{}
	return t.each(ctx, "school", func(b *batch) func(int) {
		uai, name, level, sector := b.texts("uai"), b.texts("name"), b.texts("level"), b.texts("sector")
		academie, departement, number := b.texts("academie"), b.texts("departement"), b.texts("number")
		commune, zone, measured := b.texts("commune"), b.texts("zone"), b.ints("in_dnma")
		return func(i int) {
			e.place[uai(i)] = len(e.Schools)
			e.Schools = append(e.Schools, School{UAI: uai(i), Name: name(i), Level: level(i), Sector: sector(i),
				Academie: academie(i), Departement: departement(i), Number: number(i), Commune: commune(i),
				Zone: zone(i), Measured: measured(i) == 1})
		}
	})
}

func (e *Edition) readCoverage(ctx context.Context, t *tables) error {
	e.covered = map[string][]coveredWeek{}
	err := t.each(ctx, "covered", func(b *batch) func(int) {
		table, day, schools, thin := b.texts("table"), b.ints("week_day"), b.ints("schools"), b.flags("thin")
		return func(i int) {
			e.covered[table(i)] = append(e.covered[table(i)], coveredWeek{int(day(i)), schools(i), thin(i)})
		}
	})
	if err != nil {
		return err
	}
	e.Years = yearsOf(e.weeksCovered())
	return nil
}

func (e *Edition) readColumns(ctx context.Context, t *tables) error {
	return t.each(ctx, "column_total", func(b *batch) func(int) {
		table, column, status, total := b.texts("table"), b.texts("column"), b.texts("status"), b.ints("total")
		return func(i int) {
			e.columns = append(e.columns, columnTotal{table(i), column(i), status(i), total(i)})
		}
	})
}

func (e *Edition) readCalendar(ctx context.Context, t *tables) error {
	e.term = map[string]map[int]int{}
	return t.each(ctx, "zone_week", func(b *batch) func(int) {
		zone, day, days := b.texts("zone"), b.ints("week_day"), b.ints("term_days")
		return func(i int) {
			if e.term[zone(i)] == nil {
				e.term[zone(i)] = map[int]int{}
			}
			e.term[zone(i)][int(day(i))] = int(days(i))
		}
	})
}

func (e *Edition) readSocial(ctx context.Context, t *tables) error {
	return t.each(ctx, "social", func(b *batch) func(int) {
		uai, year, tenths, known := b.texts(
			"uai",
		), b.texts(
			"school_year",
		), b.ints(
			"ips_tenths",
		), b.known(
			"ips_tenths",
		)
		pupils := b.ints("pupils")
		return func(i int) {
			first, ok := firstYear(year(i))
			if school, there := e.place[uai(i)]; ok && there {
				e.social = append(e.social, social{school, first, tenths(i), known(i), pupils(i)})
			}
		}
	})
}

// readFeeds finds the feeds that stood still, before anything is read as use.
func (e *Edition) readFeeds(ctx context.Context, t *tables) error {
	for _, table := range feeds {
		var rows []feedWeek
		err := t.each(ctx, "feed_"+table.name, func(b *batch) func(int) {
			day, academie, visits := b.ints("week_day"), b.texts("academie"), b.all(table.columns, "")
			return func(i int) {
				row := feedWeek{int(day(i)), academie(i), make([]int64, len(table.columns))}
				visits(i, row.visits)
				rows = append(rows, row)
			}
		})
		if err != nil {
			return err
		}
		e.silences = append(e.silences, silences(table, rows, e.thin(table.name))...)
	}
	for _, s := range e.silences {
		if s.Table == "profils" && s.Academie != "" {
			err := t.engine.Exec(
				ctx,
				"INSERT INTO silence VALUES (?, ?, ?, ?)",
				s.Academie,
				s.Column,
				s.Since,
				s.Until,
			)
			if err != nil {
				return fmt.Errorf("national: silence: %w", err)
			}
		}
	}
	for _, w := range e.covered["profils"] {
		if m := Date(w.day).Month(); m == time.July || m == time.August {
			continue
		}
		if err := t.engine.Exec(ctx, "INSERT INTO core_week VALUES (?)", w.day); err != nil {
			return fmt.Errorf("national: core weeks: %w", err)
		}
	}
	return t.make(ctx, "unused", "measured", "school_year")
}

// thin are the weeks in which a file was cut.
func (e *Edition) thin(table string) map[int]bool {
	weeks := map[int]bool{}
	for _, w := range e.covered[table] {
		if w.thin {
			weeks[w.day] = true
		}
	}
	return weeks
}

func (e *Edition) readUse(ctx context.Context, t *tables) error {
	err := t.each(ctx, "school_year", func(b *batch) func(int) {
		uai, year, rows := b.texts("uai"), b.texts("school_year"), b.ints("row_count")
		all, visits, weeks := b.all(Profiles, "all_"), b.all(Profiles, ""), b.all(Profiles, "weeks_")
		users, parents, used := b.ints("all_users"), b.ints("all_parent_users"), b.ints("parent_users")
		core, coreWeeks := b.ints("core_parent"), b.ints("core_weeks")
		return func(i int) {
			at := e.yearAt(year(i))
			if at < 0 {
				b.err = fmt.Errorf("school year %q is not one of the weeks", year(i))
				return
			}
			u := Use{School: e.place[uai(i)], Year: at, Rows: rows(i), AllUsers: users(i), AllParentUsers: parents(i),
				ParentUsers: used(i), CoreVisits: core(i), CoreWeeks: coreWeeks(i)}
			all(i, u.All[:])
			visits(i, u.Visits[:])
			weeks(i, u.Weeks[:])
			e.use = append(e.use, u)
		}
	})
	if err != nil {
		return err
	}
	e.compare()
	for _, y := range e.Years {
		if y.Position < 0 {
			continue
		}
		err := t.engine.Exec(ctx, "INSERT INTO compared_year VALUES (?, ?, ?)", y.Label, y.Position, y.Weeks)
		if err != nil {
			return fmt.Errorf("national: compared years: %w", err)
		}
	}
	return t.make(ctx, "steady", "panel", "pair")
}

func (e *Edition) readPanel(ctx context.Context, t *tables) error {
	return t.each(ctx, "panel", func(b *batch) func(int) {
		uai := b.texts("uai")
		return func(i int) { e.panel = append(e.panel, e.place[uai(i)]) }
	})
}

func (e *Edition) readPairs(ctx context.Context, t *tables) error {
	return t.each(ctx, "pair_week", func(b *batch) func(int) {
		position, day, number, zone := b.ints("position"), b.ints("week_day"), b.texts("number"), b.texts("zone")
		visits := b.all(Profiles, "")
		return func(i int) {
			row := pairWeek{position: int(position(i)), day: int(day(i)), number: number(i), zone: zone(i)}
			visits(i, row.visits[:])
			e.pairs = append(e.pairs, row)
		}
	})
}

func (e *Edition) readWeeks(ctx context.Context, t *tables) error {
	return t.each(ctx, "week", func(b *batch) func(int) {
		day, academie, level, panel := b.ints("week_day"), b.texts("academie"), b.texts("level"), b.ints("in_panel")
		schools, all, visits := b.ints("schools"), b.ints("all_parent"), b.ints("parent")
		weeks, users := b.ints("parent_weeks"), b.ints("parent_users")
		pupils, pupilWeeks := b.ints("eleve"), b.ints("eleve_weeks")
		return func(i int) {
			e.weeks = append(e.weeks, weekUse{int(day(i)), academie(i), level(i), panel(i) == 1, schools(i), all(i),
				visits(i), weeks(i), users(i), pupils(i), pupilWeeks(i)})
		}
	})
}

func (e *Edition) readDevices(ctx context.Context, t *tables) (err error) {
	e.devices, err = e.readShares(ctx, t, "device_year", deviceColumns)
	return err
}

func (e *Edition) readServices(ctx context.Context, t *tables) (err error) {
	e.services, err = e.readShares(ctx, t, "service_year", Services)
	return err
}

func (e *Edition) readShares(ctx context.Context, t *tables, name string, columns []string) ([]shares, error) {
	var out []shares
	err := t.each(ctx, name, func(b *batch) func(int) {
		uai, year, visits := b.texts("uai"), b.texts("school_year"), b.all(columns, "")
		return func(i int) {
			// a file of devices may begin before or end after that of profiles
			if at := e.yearAt(year(i)); at >= 0 {
				s := shares{e.place[uai(i)], at, make([]int64, len(columns))}
				visits(i, s.visits)
				out = append(out, s)
			}
		}
	})
	return out, err
}
