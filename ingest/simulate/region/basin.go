package region

import (
	"iter"
	"slices"
)

// Basin is a group of schools generated together.
type Basin struct {
	Region  *Region
	Window  *Window
	Assumed *Assumptions
	Number  int
	Schools []School
	People  []Person
	Events  []Event
	// Families counts the families.
	Families int
	visits   int32
	numbers  [3]int64
	Contents []Content
	Messages []Message
	Loans    []Loan
	Meetings []Meeting
}

// Content is one item published to a class, or to a whole school.
type Content struct {
	School, Class int // class -1: the whole school
	TS            int64
	Kind          string
	Media         bool
}

// Message is one message with who had it and when each opened it.
type Message struct {
	ID, Thread int64
	School     int
	Sender     int
	TS         int64
	Recipients []int
	Opened     []int64 // 0: not by the end
	Bytes      int64   // -1: no file
	Attached   bool
	Until      int64 // the end of the time given to answer, 0 none
}

// Loan is a piece of equipment lent to the family of a child, or waited for.
type Loan struct {
	Child                 int
	Requested, Start, End int // days; NoDay: not yet
}

// Meeting is one remote meeting of a class with those invited to it.
type Meeting struct {
	School, Class, Number, Day int
	Invited                    []int
	Joined                     []bool
}

// Each gives the persons of a role with their indices.
func (b *Basin) Each(role uint8) iter.Seq2[int, *Person] {
	return func(yield func(int, *Person) bool) {
		for who := range b.People {
			if p := &b.People[who]; p.Role == role && !yield(who, p) {
				return
			}
		}
	}
}

// At are the persons of a role whose first school is si.
func (b *Basin) At(si, role int) []int {
	var out []int
	for who := range b.People {
		if p := &b.People[who]; int(p.Role) == role && p.Schools[0] == si {
			out = append(out, who)
		}
	}
	return out
}

func (b *Basin) childAt(p *Person, si int) int {
	for _, c := range p.Children {
		if b.People[c].Schools[0] == si {
			return c
		}
	}
	return p.Children[0]
}

func (b *Basin) hasChild(p *Person, si, class int) bool {
	return slices.ContainsFunc(p.Children, func(c int) bool {
		return b.People[c].Schools[0] == si && b.People[c].Class == class
	})
}

// SameClassBefore reports whether a child of a family is in the class of one before.
func (b *Basin) SameClassBefore(before []int, c int) bool {
	for _, o := range before {
		if b.People[o].Schools[0] == b.People[c].Schools[0] && b.People[o].Class == b.People[c].Class {
			return true
		}
	}
	return false
}

// sort orders the events by time, those of one instant by account.
func (b *Basin) sort() {
	slices.SortStableFunc(b.Events, func(x, y Event) int {
		switch {
		case x.TS < y.TS:
			return -1
		case x.TS > y.TS:
			return 1
		}
		return int(x.Who - y.Who)
	})
}

// activate brings the activation of an account to its first event, if it came later.
func (b *Basin) activate() {
	for i := range b.Events {
		e := &b.Events[i]
		p := &b.People[e.Who]
		if p.Activated == NoDay && e.Acts() {
			p.Activated, _ = b.Window.Local(e.TS)
		}
	}
}
