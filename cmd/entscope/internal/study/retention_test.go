package study

import "testing"

func TestKeepFor(t *testing.T) {
	for text, want := range map[string]Period{
		"12 months": {Months: 12}, "1 month": {Months: 1}, "12 mois": {Months: 12}, " 2 ans ": {Years: 2},
		"1 an": {Years: 1}, "3 Years": {Years: 3},
		"2 années": {Years: 2}, "90 jours": {Days: 90}, "90 days": {Days: 90}, "6 weeks": {Days: 42},
		"1 semaine": {Days: 7}, "12mois": {Months: 12},
	} {
		l := Legal{Retention: text}
		if got, ok := l.KeepFor(); !ok || got != want {
			t.Errorf("%q: %+v %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "12", "mois", "0 months", "-3 months", "12 mois après la rentrée",
		"until 2026-08-31", "a year", "12.5 months", "99999 days"} {
		l := Legal{Retention: text}
		if got, ok := l.KeepFor(); ok {
			t.Errorf("%q is taken for %+v", text, got)
		}
	}
}
