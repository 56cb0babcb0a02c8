package anonymize

import (
	"context"
	"math"
	"math/bits"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/release"
	"github.com/entscope/entscope/anonymize/zone/zonetest"
)

// named is a region whose persons have lasting keys.
func named(schools, parents int) *region {
	g := draw(5, schools, parents)
	for i := range g.people {
		g.people[i].ReleaseKey = g.people[i].PersonKey & math.MaxInt64
	}
	return g
}

// drawOf is the draw of the edition that would be made of a zone.
func drawOf(t *testing.T, o Options, z release.Zone) string {
	t.Helper()
	census, err := release.Take(context.Background(), z, o.window(), o.Engine)
	if err != nil {
		t.Fatal(err)
	}
	asked, err := o.asked()
	if err != nil {
		t.Fatal(err)
	}
	return o.Releases.Draw(census, asked)
}

func drawOptions(t *testing.T, g *region) Options {
	t.Helper()
	o := options(t, g)
	o.Releases = register(t)
	return o
}

// TestDrawOutlives: what changes nothing that a cell shows changes no noise, and spends none.
func TestDrawOutlives(t *testing.T) {
	o := drawOptions(t, named(3, 6))
	first := drawOf(t, o, named(3, 6).write(t))
	for name, change := range map[string]func(g *region){
		"another order": func(g *region) { g.shuffle(3) },
		"another salt":  anotherSalt,
		"other deliveries": func(g *region) {
			for i := range g.events {
				g.events[i].Delivery = int32(i%7) + 1
			}
		},
		"a delivery twice": func(g *region) {
			for _, e := range slices.Clone(g.events) {
				e.Delivery = 2
				g.events = append(g.events, e)
			}
		},
		"logs after the window": func(g *region) {
			for _, e := range slices.Clone(g.events) {
				e.LocalDate += 14 * 7
				e.TsMs += 14 * 7 * 86_400_000
				g.events = append(g.events, e)
			}
		},
		"registers after the window": func(g *region) {
			const after = lastDay + 3
			p, c, m := g.publications[0], g.contents[0], g.messages[0]
			p.LocalDate, p.TsMs = after, after*86_400_000
			c.LocalDate, c.TsMs = after, after*86_400_000
			m.SentDate, m.SentMs, m.MessageKey, m.ThreadKey = after, after*86_400_000, 1, 1
			g.publications, g.contents, g.messages = append(g.publications, p), append(g.contents, c), append(g.messages, m)
			a := g.accompaniment[0]
			a.LocalDate = after
			g.accompaniment = append(g.accompaniment, a)
			g.loans = append(g.loans, zonetest.LoanRow{ChildKey: g.people[0].PersonKey, RequestedDay: after,
				StartDay: -1, EndDay: -1})
		},
		"a pupil who comes after the window": func(g *region) {
			p := g.people[0]
			p.PersonKey, p.ReleaseKey, p.FamilyKey, p.CreatedDay = 77, 77, 77, lastDay+9
			m := g.memberships[0]
			m.PersonKey, m.FromDay = 77, lastDay+10
			g.people, g.memberships = append(g.people, p), append(g.memberships, m)
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := named(3, 6)
			change(g)
			if drawOf(t, o, g.write(t)) != first {
				t.Error("the noise is another")
			}
		})
	}
}

// anotherSalt gives every key of a salt another value.
func anotherSalt(g *region) {
	all := reflect.ValueOf(g).Elem()
	for i := range all.NumField() {
		rows := reflect.NewAt(all.Field(i).Type(), all.Field(i).Addr().UnsafePointer()).Elem()
		for j := range rows.Len() {
			for k := range rows.Index(j).NumField() {
				name, field := rows.Type().Elem().Field(k).Name, rows.Index(j).Field(k)
				if !strings.HasSuffix(name, "Key") || name == "SchoolKey" || name == "ReleaseKey" || field.Int() == 0 {
					continue
				}
				field.SetInt(int64(bits.RotateLeft64(uint64(field.Int())*0x9e3779b97f4a7c15, 17)))
			}
		}
	}
}
