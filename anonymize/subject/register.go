package subject

import (
	"context"
	"fmt"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/flow"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/register"
)

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

// registerRow is how many rows registers hold, and what only some registers of
// messages carry. Whether loans and trainings can be told depends on their days: see
// prepareLoans and prepareTraining.
type registerRow struct {
	Contents, ReportBooks, Procedures, Meetings, Equipment, Messages, Openings, Threads, WithPupil int64
}

// serviceFacts are the services whose feeds families of measures need.
var serviceFacts = map[ingest.Service]string{
	ingest.ServiceReportBook: "report book service", ingest.ServiceResources: "resource service",
	ingest.ServiceNews: "news service", ingest.ServiceBlog: "news service",
	ingest.ServiceAccessibility: "accessibility service",
}

// loadRegisters attaches the registers and asks what they say.
func (b *Builder) loadRegisters(ctx context.Context) error {
	if err := b.attachRegisters(ctx); err != nil {
		return err
	}
	deadlines, concerns := deadlineRows(b.o.Study)
	for _, err := range []error{
		put(ctx, b, "deadline", deadlines),
		put(ctx, b, "concern", concerns),
		put(ctx, b, "span", []spanRow{{max(1, int64(b.o.Study.End-b.o.Study.Start+1)/30)}}),
	} {
		if err != nil {
			return err
		}
	}
	return flow.Rows(ctx, b.run, "register_known", func(r registerRow) error {
		for fact, rows := range map[string]int64{
			"contents": r.Contents, "report books": r.ReportBooks, "procedures": r.Procedures,
			"meetings": r.Meetings, "equipment": r.Equipment, "messages": r.Messages, "openings": r.Openings,
			"threads": r.Threads, "messages with pupils": r.WithPupil,
		} {
			b.known[fact] = rows > 0
		}
		return nil
	})
}

// attachRegisters gives a view over the table of every register.
func (b *Builder) attachRegisters(ctx context.Context) error {
	for _, r := range register.All() {
		empty := func(path string) error { return parquet.WriteFile[any](path, nil, zone.RegisterSchema(r)) }
		if err := b.attachFiles(ctx, r.Name, b.o.Zone.Files(r.Name), empty); err != nil {
			return err
		}
	}
	return nil
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

// prepareRegisters asks which services any feed carries, whether there are items
// enough, and what the schools and families of the registers are compared with.
func (b *Builder) prepareRegisters(ctx context.Context) error {
	if b.o.Kind != Research {
		return nil
	}
	for _, fact := range serviceFacts {
		b.known[fact] = false
	}
	if err := flow.Rows(ctx, b.run, "offered", func(r struct{ Service int64 }) error {
		if fact, ok := serviceFacts[ingest.Service(r.Service)]; ok {
			b.known[fact] = true
		}
		return nil
	}); err != nil {
		return err
	}
	if err := flow.Rows(ctx, b.run, "items_known", func(r struct{ Items, Schools int64 }) error {
		b.known["items"] = r.Items >= leastItems && r.Schools >= leastItemSchools
		if r.Items > 0 && !b.known["items"] {
			b.notes = append(b.notes,
				fmt.Sprintf(edition.NoteFewItems, leastItems, leastItemSchools))
		}
		return nil
	}); err != nil {
		return err
	}
	if err := b.run.Make(ctx, "trained"); err != nil {
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
	if err := flow.Rows(ctx, b.run, "training_day", func(r struct{ SchoolKey, Day int64 }) error {
		school, day := int32(r.SchoolKey), int32(r.Day)
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
	b.known["training"] = len(rows) > 0
	return put(ctx, b, "trained", rows)
}

// prepareLoans says which families have a loan, and which wait for one.
func (b *Builder) prepareLoans(ctx context.Context) error {
	var days []int32
	err := flow.Rows(ctx, b.run, "loan_start", func(r struct{ FamilyKey, Day int64 }) error {
		days = append(days, int32(r.Day))
		return nil
	})
	middle, lent := lowerMedian(days)
	b.known["loans"] = lent
	b.run.Set(map[string]any{"loan_median": middle})
	return err
}
