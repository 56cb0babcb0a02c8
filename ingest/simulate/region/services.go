package region

import (
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/random"
)

// openServices adds what people also open in visits that they make anyway:
// report books, and in a window of years resources and homework handed in.
func (b *Basin) openServices() {
	d := random.New(b.Region.Seed, random.Occasions, uint64(b.Number), 2)
	first, seen := make([][]int, len(b.People)), make([]bool, b.visits+1)
	for i := range b.Events {
		if e := &b.Events[i]; !seen[e.Visit] && !e.CAS && !e.Visio {
			seen[e.Visit] = true
			first[e.Who] = append(first[e.Who], i)
		}
	}
	for who := range b.People {
		p := &b.People[who]
		if p.Role == RoleParent {
			for _, c := range p.Children {
				b.openBooks(d, first[who], &b.People[c])
			}
		}
		if b.Window.Years > 0 && p.Role != RoleStaff {
			b.useServices(d, first[who], p)
		}
	}
}

// alongside writes an event in the visit that begins with event i.
func (b *Basin) alongside(i int, service ingest.Service, action ingest.Action, after int64) {
	e := b.Events[i]
	e.TS, e.Service, e.Action = e.TS+after, service, action
	b.Events = append(b.Events, e)
}

func (b *Basin) openBooks(d random.Stream, visits []int, child *Person) {
	s := &b.Schools[child.Schools[0]]
	if !s.HasBook() {
		return
	}
	for _, day := range b.Window.Terms() {
		opens := d.Chance(b.Assumed.BookOpened)
		from, again := day+int(d.Exp(b.Assumed.BookDays)), d.Chance(b.Assumed.BookAgain)
		for _, i := range visits {
			at, _ := b.Window.Local(b.Events[i].TS)
			if !opens || day < s.Rollout || at < from || at <= day || at > day+b.Assumed.BookLast ||
				int(b.Events[i].School) != child.Schools[0] {
				continue
			}
			b.alongside(i, ingest.ServiceReportBook, ingest.ActionAccess, 700)
			if !again {
				break
			}
			again, from = false, at+1
		}
	}
}

func (b *Basin) useServices(d random.Stream, visits []int, p *Person) {
	submits := b.Assumed.SubmitPupil
	if p.Role == RoleParent {
		submits = b.Assumed.SubmitGuardian
	}
	for _, i := range visits {
		system := b.Schools[b.Events[i].School].System
		if system == SystemPronote {
			continue
		}
		if d.Chance(b.Assumed.ResourceShare) {
			b.alongside(i, ingest.ServiceResources, ingest.ActionAccess, 900)
		}
		if d.Chance(submits*0.5) && system == SystemEntcore {
			b.alongside(i, ingest.ServiceHomework, ingest.ActionSubmit, 1100)
		}
	}
}
