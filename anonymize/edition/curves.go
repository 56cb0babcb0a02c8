package edition

import "slices"

// Curve is one entry of the approved list of what the table times may hold.
// Units are counted at risk and events; persons are the distinct persons behind.
type Curve struct {
	Name string
	// Unit is what has an event or not; Persons who stands behind it.
	Unit, Persons, Origin, Event string
	// Edges are the lower edges of the bins, in Step; nil for one bin a step.
	// A unit without its event by the last edge is censored there.
	Step  string // week, day, hour, working hour
	Edges []int32
	// Most is the most units of a person that count in a cell of one school: by it alone follows their noise.
	// EachDeadline is one for each deadline that the study declares.
	Most  int64
	By    []string // nil is Groupings
	Pages string   // PagesResearch or PagesNever
	// Family is as in Measure.
	Family string
}

// EachDeadline is Curve.Most of a curve whose units are deadlines.
const EachDeadline = 0

// Curves is the approved list of life tables.
var Curves = []Curve{
	{"D3.first_login", "account", "subject accounts", "start of the window or opening of the account", "first visit",
		"week", nil, 1, nil, PagesResearch, ""},
	{"N4.first_view", "publication × pair", "subject accounts of the pairs",
		"publication of a grade to a class of a child", "first grade visit of the pair", "hour",
		[]int32{0, 1, 2, 3, 6, 12, 24, 36, 48, 72, 96, 120, 168, 240, 336}, 40, nil, PagesResearch, ""},
	{"N6.parent", "publication × pupil", "pupils", "publication",
		"a guardian opens first (the pupil's opening is the competing event: see N6.pupil)", "hour",
		[]int32{0, 1, 2, 3, 6, 12, 24, 36, 48, 72, 96, 120, 168, 240, 336}, 30, Few, PagesNever, "N6"},
	{"N6.pupil", "publication × pupil", "pupils", "publication",
		"the pupil opens first, or together (the guardian's is the competing event)", "hour",
		[]int32{0, 1, 2, 3, 6, 12, 24, 36, 48, 72, 96, 120, 168, 240, 336}, 30, Few, PagesNever, "N6"},
	{"N7.delay", "publication × pair", "subject accounts of the pairs", "assessment", "publication", "day",
		[]int32{0, 1, 2, 3, 5, 7, 10, 14, 21, 28, 42, 63}, 40, nil, PagesResearch, ""},
	{"R1.readiness", "deadline × account", "subject accounts concerned", "60 days before the deadline",
		"first visit of an activated account in these 60 days", "day",
		[]int32{0, 7, 14, 21, 30, 37, 44, 53, 56, 58, 60}, EachDeadline, nil, PagesResearch, ""},
	{"R4.opening", "request × recipient", "recipients", "the request is sent", "it is opened", "hour",
		[]int32{0, 1, 3, 6, 12, 24, 48, 72, 120, 168, 336}, 4, nil, PagesResearch, ""},
	{"M3.answer", "thread begun by a subject account", "those who began one", "first message", "first answer of staff",
		"working hour", []int32{0, 1, 2, 4, 8, 16, 24, 40, 60, 80}, 4, nil, PagesResearch, ""},
	{"C4.opening", "account × report book", "subject accounts concerned", "publication of the report book",
		"first opening", "day", []int32{0, 1, 2, 3, 5, 7, 14, 21, 28, 42, 63}, 2, nil, PagesResearch, ""},
}

// FindCurve finds a life table of the approved list.
func FindCurve(name string) (Curve, bool) {
	i := slices.IndexFunc(Curves, func(c Curve) bool { return c.Name == name })
	if i < 0 {
		return Curve{}, false
	}
	return Curves[i], true
}
