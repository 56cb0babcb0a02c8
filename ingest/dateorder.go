package ingest

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// DateOrder is what speaks for and against the order of day and month in a column whose layout could be the other one
// as well: 09/07 is in July or in September. A single day beyond the 12th settles it; without one, the window of the
// study, the order of the records and the weekdays may. It holds no text of a record.
type DateOrder struct {
	// Field is what the column is read as; Layout is how, and Other how it could be.
	Field  string `json:"field"`
	Layout string `json:"layout"`
	Other  string `json:"other"`
	// Hint is how the study says which is right.
	Hint string `json:"hint"`
	// Sure is how many records have a day beyond the 12th, counted up to the first.
	Sure int64 `json:"sure,omitempty"`
	// Days are the records by day, in days since 1970.
	Days map[int32]int64 `json:"days,omitempty"`
	// Steps are the records whose day is another than that of the one before; Back and OtherBack those of them that go
	// back, as they are read and as they could be.
	Steps     int64 `json:"steps,omitempty"`
	Back      int64 `json:"back,omitempty"`
	OtherBack int64 `json:"other_back,omitempty"`

	last, otherLast int32
	begun           bool
}

// Empty is a DateOrder of the same column that has seen nothing.
func (o *DateOrder) Empty() *DateOrder {
	if o == nil {
		return nil
	}
	return &DateOrder{Field: o.Field, Layout: o.Layout, Other: o.Other, Hint: o.Hint}
}

// Add counts a record of a day; it does nothing on nil.
func (o *DateOrder) Add(day int32) {
	if o == nil || o.Sure > 0 {
		return
	}
	if o.begun && day == o.last {
		o.Days[day]++
		return
	}
	other, ok := exchanged(day)
	if !ok {
		o.Sure, o.Days = 1, nil
		return
	}
	if o.Days == nil {
		o.Days = map[int32]int64{}
	}
	o.Days[day]++
	if o.begun {
		o.Steps++
		if day < o.last {
			o.Back++
		}
		if other < o.otherLast {
			o.OtherBack++
		}
	}
	o.last, o.otherLast, o.begun = day, other, true
}

// exchanged is a day with day and month exchanged; ok is false where there is none.
func exchanged(day int32) (other int32, ok bool) {
	t := time.Unix(int64(day)*86400, 0).UTC()
	if t.Day() > 12 {
		return 0, false
	}
	t = time.Date(t.Year(), time.Month(t.Day()), int(t.Month()), 0, 0, 0, 0, time.UTC)
	return int32(t.Unix() / 86400), true
}

// Join adds what was seen of another part of the column.
func (o *DateOrder) Join(p *DateOrder) {
	if o == nil || p == nil {
		return
	}
	o.Sure, o.Steps, o.Back, o.OtherBack = o.Sure+p.Sure, o.Steps+p.Steps, o.Back+p.Back, o.OtherBack+p.OtherBack
	if o.Sure > 0 {
		o.Days = nil
		return
	}
	if o.Days == nil {
		o.Days = map[int32]int64{}
	}
	for day, n := range p.Days {
		o.Days[day] += n
	}
}

// OrderVerdict is which order of day and month the records speak for.
type OrderVerdict int

// Verdicts.
const (
	OrderUnknown OrderVerdict = iota
	OrderAsRead
	OrderExchanged
)

// Judge says which order the records speak for, and what tells. From start to end are the days that are looked for; 0,
// 0 where none are.
func (o *DateOrder) Judge(start, end int32) (verdict OrderVerdict, by string) {
	if o == nil || o.Sure > 0 || !slices.ContainsFunc(slices.Collect(maps.Keys(o.Days)), isExchangeable) {
		return OrderAsRead, "days beyond the 12th"
	}
	for _, witness := range []struct {
		by   string
		says OrderVerdict
	}{
		{"the window of the study", o.window(start, end)}, {"the order of the records", o.sequence()},
		{"the weekdays", o.weekdays()},
	} {
		switch {
		case witness.says == OrderUnknown:
		case verdict == OrderUnknown:
			verdict, by = witness.says, witness.by
		case verdict != witness.says:
			return OrderUnknown, ""
		}
	}
	return verdict, by
}

func isExchangeable(day int32) bool {
	other, ok := exchanged(day)
	return ok && other != day
}

// either is what two measures say, of which small speaks for an order and large against it.
func either(read, other, small, large float64) OrderVerdict {
	switch {
	case read <= small && other >= large:
		return OrderAsRead
	case other <= small && read >= large:
		return OrderExchanged
	}
	return OrderUnknown
}

// window: next to all records are in it, and most would not be.
func (o *DateOrder) window(start, end int32) OrderVerdict {
	if end <= start {
		return OrderUnknown
	}
	var all, outside, otherOutside float64
	for day, n := range o.Days {
		other, _ := exchanged(day)
		all += float64(n)
		if day < start || day > end {
			outside += float64(n)
		}
		if other < start || other > end {
			otherOutside += float64(n)
		}
	}
	return either(outside/all, otherOutside/all, 0.05, 0.5)
}

// sequence: a log goes from the first day to the last, or the other way. In the wrong order it goes astray at the end
// of each month.
func (o *DateOrder) sequence() OrderVerdict {
	const few, sorted = 5, 50 // at most one step in so many leads astray
	if o.Steps < few {
		return OrderUnknown
	}
	astray, otherAstray := min(o.Back, o.Steps-o.Back), min(o.OtherBack, o.Steps-o.OtherBack)
	switch {
	case astray*sorted <= o.Steps && otherAstray > 4*astray:
		return OrderAsRead
	case otherAstray*sorted <= o.Steps && astray > 4*otherAstray:
		return OrderExchanged
	}
	return OrderUnknown
}

// weekdays: on a day of the weekend there is less to record than on another; in the wrong order there is as much.
func (o *DateOrder) weekdays() OrderVerdict {
	const fewDays, fewEnds, fewRecords = 5, 2, 100
	var read, other [2]struct{ records, days float64 }
	var all int64
	for day, n := range o.Days {
		exchanged, _ := exchanged(day)
		all += n
		for _, of := range []struct {
			day   int32
			share *[2]struct{ records, days float64 }
		}{{day, &read}, {exchanged, &other}} {
			end := 0
			if weekday := (of.day%7 + 11) % 7; weekday == 0 || weekday == 6 { // 1970-01-01 was a Thursday
				end = 1
			}
			of.share[end].records += float64(n)
			of.share[end].days++
		}
	}
	if all < fewRecords || min(read[0].days, other[0].days) < fewDays || min(read[1].days, other[1].days) < fewEnds {
		return OrderUnknown
	}
	quiet := func(s [2]struct{ records, days float64 }) float64 {
		return s[1].records / s[1].days / (s[0].records / s[0].days)
	}
	return either(quiet(read), quiet(other), 0.6, 0.8)
}

// Readings are the days that the records span, as they are read and as they could be.
func (o *DateOrder) Readings() (read, other string) {
	days := slices.Sorted(maps.Keys(o.Days))
	var others []int32
	for _, day := range days {
		day, _ := exchanged(day)
		others = append(others, day)
	}
	slices.Sort(others)
	return spanOf(days), spanOf(others)
}

func spanOf(days []int32) string {
	if len(days) == 0 {
		return "no day"
	}
	text := func(day int32) string { return time.Unix(int64(day)*86400, 0).UTC().Format(time.DateOnly) }
	return fmt.Sprintf("%s to %s", text(days[0]), text(days[len(days)-1]))
}
