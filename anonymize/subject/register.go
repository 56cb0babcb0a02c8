package subject

import (
	"context"
	"fmt"

	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/ingest"
)

// registers says which registers beside the logs hold anything, and which feeds
// deliver what few do. What is absent gives no rows: it is not a count of zero.
type registers struct {
	contents, reportBooks, procedures, loans, training, meetings, equipment bool
	messages, openings, threads, withPupil                                  bool
	// items are contents with media of a class; lent, families with a loan.
	items, lent bool
	// failures says that a feed delivers sign-ins that failed.
	failures bool
	services map[ingest.Service]bool
}

// The visits after items of classes are told of no fewer items than this, in no
// fewer schools: one item is about 25 families. The answers of staff are told only
// of schools where as many members of staff as this exchange messages.
const (
	leastItems       = 20
	leastItemSchools = 5
	leastStaff       = 5
)

type spanRow struct {
	Months int64 `parquet:"months"` // of 30 days, at least 1
}

type deadlineRow struct {
	Deadline int64 `parquet:"deadline"`
	Day      int32 `parquet:"day"`
	// Whether the window holds the 60 days before the 30th day before, the 7th
	// day before, and the day itself.
	Seen30 int8 `parquet:"seen30"`
	Seen7  int8 `parquet:"seen7"`
	Seen0  int8 `parquet:"seen0"`
}

// concernRow says whom a deadline concerns: "" is everybody.
type concernRow struct {
	Deadline   int64  `parquet:"deadline"`
	Level      string `parquet:"level"`
	GradeLevel string `parquet:"grade_level"`
}

// loadRegisters attaches the registers and asks what they say.
func (b *Builder) loadRegisters(ctx context.Context) error {
	z := b.o.Zone
	deadlines, concerns := deadlineRows(b.o.Study)
	for _, err := range []error{
		attach[zone.MessageRow](ctx, b, "messages", z.Files("messages")),
		attach[zone.ContentRow](ctx, b, "contents", z.Files("contents")),
		attach[zone.ReportBookRow](ctx, b, "report_books", z.Files("report_books")),
		attach[zone.ProcedureRow](ctx, b, "procedures", z.Files("procedures")),
		attach[zone.LoanRow](ctx, b, "loans", z.Files("loans")),
		attach[zone.TrainingRow](ctx, b, "training", z.Files("training")),
		attach[zone.MeetingRow](ctx, b, "meetings", z.Files("meetings")),
		attach[zone.EquipmentRow](ctx, b, "equipment", z.Files("equipment")),
		put(ctx, b, "deadline", deadlines),
		put(ctx, b, "concern", concerns),
		put(ctx, b, "span", []spanRow{{max(1, int64(b.o.Study.End-b.o.Study.Start+1)/30)}}),
	} {
		if err != nil {
			return err
		}
	}
	k := &b.registers
	k.services = map[ingest.Service]bool{}
	pupil := int(ingest.ProfilePupil)
	return b.each(ctx, "register_known", func(r *row) error {
		for i, known := range []*bool{&k.contents, &k.reportBooks, &k.procedures, &k.loans, &k.training, &k.meetings, &k.equipment,
			&k.messages, &k.openings, &k.threads, &k.withPupil} {
			*known = r.int(i) > 0
		}
		return nil
	}, pupil, pupil)
}

func deadlineRows(s Study) ([]deadlineRow, []concernRow) {
	var deadlines []deadlineRow
	var concerns []concernRow
	for i, d := range s.Deadlines {
		seen := func(before int32) int8 {
			if last := d.Day - before - 1; last-59 >= s.Start && last <= s.End {
				return 1
			}
			return 0
		}
		deadlines = append(deadlines, deadlineRow{int64(i), d.Day, seen(30), seen(7), seen(0)})
		for _, level := range orEverybody(d.Levels) {
			for _, grade := range orEverybody(d.Grades) {
				concerns = append(concerns, concernRow{int64(i), level, grade})
			}
		}
	}
	return deadlines, concerns
}

func orEverybody(names []string) []string {
	if len(names) == 0 {
		return []string{""}
	}
	return names
}

// prepareRegisters makes what the slices read: the schools that a feed which
// carries a service reports for, the working time, items, delays and answers.
func (b *Builder) prepareRegisters(ctx context.Context) error {
	if b.o.Kind != Research {
		return nil
	}
	s, k := b.o.Study, &b.registers
	if err := b.materialise(ctx, "offer", "offer"); err != nil {
		return err
	}
	if err := b.each(ctx, "offered", func(r *row) error {
		k.services[ingest.Service(r.int(0))] = true
		return nil
	}); err != nil {
		return err
	}
	for _, t := range []table{
		{"working", nil},
		{"media_item", []any{s.Start, s.End}},
		{"class_item", []any{s.Start, s.End}},
		{"survey", []any{s.End}},
		{"accompanied_day", []any{s.YearStart, s.End}},
		{"school_form", nil},
	} {
		if err := b.materialise(ctx, t.name, t.name, t.args...); err != nil {
			return err
		}
	}
	if err := b.each(ctx, "items_known", func(r *row) error {
		k.items = r.int(0) >= leastItems && r.int(1) >= leastItemSchools
		if r.int(0) > 0 && !k.items {
			b.notes = append(b.notes, fmt.Sprintf("Visites après les contenus : moins de %d contenus ou de %d établissements, rien n’en est dit.", leastItems, leastItemSchools))
		}
		return nil
	}); err != nil {
		return err
	}
	if err := b.prepareTraining(ctx); err != nil {
		return err
	}
	return b.prepareLoans(ctx)
}

type trainedRow struct {
	SchoolKey int32 `parquet:"school_key"`
	Trained   int8  `parquet:"trained"`
	Day       int32 `parquet:"day"`
}

// prepareTraining gives every school the day that parts its publications: that of
// its first training session, or the median one for the schools that had none by
// the end. A school trained before the window has no before, and is left out.
func (b *Builder) prepareTraining(ctx context.Context) error {
	first := map[int32]int32{}
	var schools []int32
	var days []int32
	if err := b.each(ctx, "training_day", func(r *row) error {
		school, day := int32(r.int(0)), int32(r.int(1))
		schools = append(schools, school)
		if first[school] = day; day > b.o.Study.Start && day <= b.o.Study.End {
			days = append(days, day)
		}
		return nil
	}); err != nil {
		return err
	}
	var rows []trainedRow
	if middle, ok := lowerMedian(days); ok {
		for _, school := range schools {
			switch day := first[school]; {
			case day > b.o.Study.Start && day <= b.o.Study.End:
				rows = append(rows, trainedRow{school, 1, day})
			case day < 0 || day > b.o.Study.End:
				rows = append(rows, trainedRow{school, 0, middle})
			}
		}
	}
	b.registers.training = len(rows) > 0
	if err := put(ctx, b, "trained", rows); err != nil {
		return err
	}
	return b.materialise(ctx, "class_delay", "class_delay", b.o.Study.Start, b.o.Study.End)
}

// prepareLoans says which families have a loan, and which wait for one.
func (b *Builder) prepareLoans(ctx context.Context) error {
	s := b.o.Study
	var days []int32
	if err := b.each(ctx, "loan_start", func(r *row) error {
		days = append(days, int32(r.int(1)))
		return nil
	}, s.Start, s.End); err != nil {
		return err
	}
	middle, ok := lowerMedian(days)
	b.registers.lent = ok
	return b.materialise(ctx, "loan", "loan", s.Start, s.End, s.End, middle)
}
