package ingest

import (
	"strings"
	"testing"
	"time"
)

// orderOf adds one day after the other, n records each, and twice as few on weekends where quiet.
func orderOf(t *testing.T, quiet bool, days ...string) *DateOrder {
	t.Helper()
	o := &DateOrder{Layout: "02/01/2006", Other: "01/02/2006"}
	for _, text := range days {
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		n := 20
		if w := day.Weekday(); quiet && (w == time.Saturday || w == time.Sunday) {
			n = 5
		}
		for range n {
			o.Add(int32(day.Unix() / 86400))
		}
	}
	return o
}

func TestDateOrder(t *testing.T) {
	day := func(text string) int32 {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return int32(at.Unix() / 86400)
	}
	start, end := day("2025-09-08"), day("2025-12-14")
	two := strings.Fields("2025-09-10 2025-10-12 2025-11-09 2025-12-11 2025-10-09 2025-11-12")
	twelve := strings.Fields("2025-09-01 2025-09-02 2025-09-03 2025-09-04 2025-09-05 2025-09-06 " +
		"2025-09-07 2025-09-08 2025-09-09 2025-09-10 2025-09-11 2025-09-12")
	months := append(twelve, strings.Fields("2025-10-01 2025-10-02 2025-10-03 2025-10-04 2025-10-05 2025-10-06")...)
	swapped := func(days []string) (list []string) {
		for _, d := range days {
			list = append(list, d[:5]+d[8:]+"-"+d[5:7])
		}
		return list
	}
	for _, c := range []struct {
		name  string
		order *DateOrder
		want  OrderVerdict
		by    string
	}{
		{"a day beyond the 12th", orderOf(t, false, "2025-09-10", "2025-09-13"), OrderAsRead, "days beyond the 12th"},
		{"days that are the same either way", orderOf(t, false, "2025-09-09", "2025-10-10"), OrderAsRead,
			"days beyond the 12th"},
		{"both within the window", orderOf(t, false, two...), OrderUnknown, ""},
		{"one within the window", orderOf(t, false, "2025-09-08", "2025-10-08"), OrderAsRead,
			"the window of the study"},
		{"the other within it", orderOf(t, false, "2025-08-09", "2025-08-10"), OrderExchanged,
			"the window of the study"},
		{"in order", orderOf(t, false, months...), OrderAsRead, "the order of the records"},
		{"in order the other way", orderOf(t, false, swapped(months)...), OrderExchanged, "the order of the records"},
		{"newest first", func() *DateOrder {
			return orderOf(t, false, "2025-11-02", "2025-11-01", "2025-10-03", "2025-10-02", "2025-10-01", "2025-09-01")
		}(), OrderAsRead, "the order of the records"},
		{"nothing", orderOf(t, false), OrderAsRead, "days beyond the 12th"},
	} {
		from, to := start, end
		if c.by == "the order of the records" {
			from, to = 0, 0
		}
		if got, by := c.order.Judge(from, to); got != c.want || by != c.by {
			t.Errorf("%s: %d by %q, want %d by %q", c.name, got, by, c.want, c.by)
		}
	}
	// The weekdays alone: the records are in no order.
	mixed := orderOf(t, true, twelve...)
	mixed.Steps = 0
	if got, by := mixed.Judge(0, 0); got != OrderAsRead || by != "the weekdays" {
		t.Errorf("quiet weekends: %d by %q", got, by)
	}
	flat := orderOf(t, false, twelve...)
	flat.Steps = 0
	if got, _ := flat.Judge(0, 0); got != OrderUnknown {
		t.Errorf("weekends as any day: %d", got)
	}
	if read, other := mixed.Readings(); read != "2025-09-01 to 2025-09-12" || other != "2025-01-09 to 2025-12-09" {
		t.Errorf("%s, %s", read, other)
	}
	// Parts add up to the whole.
	whole, sum := orderOf(t, true, two...), orderOf(t, true, two[:3]...)
	sum.Join(orderOf(t, true, two[3:]...))
	if len(whole.Days) != len(sum.Days) || sum.Steps != whole.Steps-1 {
		t.Errorf("%+v, %+v", whole, sum)
	}
	sum.Join(orderOf(t, false, "2025-09-30"))
	if got, _ := sum.Judge(start, end); got != OrderAsRead {
		t.Errorf("settled by another part: %d", got)
	}
}
