package anonymize

import (
	"context"
	"errors"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/subject"
)

// Schools makes the schools edition, UAI × period cells without a person row,
// and gives its folder. It fails with edition.ErrExists when it is already there.
func Schools(ctx context.Context, o Options) (dir string, err error) {
	if err := o.check(); err != nil {
		return "", err
	}
	if o.Schools == nil {
		return "", errors.New("anonymize: the schools policy has no [cells]")
	}
	w, err := edition.NewWriterOn(o.Disk, o.dir(subject.Schools))
	if err != nil {
		return "", err
	}
	w.SignWith(o.Sign)
	defer func() {
		if err != nil {
			err = errors.Join(err, w.Abort())
		}
	}()
	b, closeBuilder, err := o.builder(ctx, o.subjectOptions(subject.Schools, subject.Floors{
		Cell: int64(o.Schools.Persons), Staff: int64(o.Schools.StaffPersons), School: int64(o.Schools.SchoolPersons),
		ClusterSchools: 1,
		UnnamedSchools: unnamedSchools, Reported: leastReported,
	}, o.Schools))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, closeBuilder()) }()
	m := o.manifest(subject.Schools)
	m.Perturbation = b.Perturbation()
	m.Thresholds = edition.Thresholds{CellPersons: int64(o.Schools.Persons),
		StaffPersons: int64(o.Schools.StaffPersons), SchoolPersons: int64(o.Schools.SchoolPersons)}
	measures, err := b.SchoolMeasures(ctx, o.Study.Term)
	if err != nil {
		return "", err
	}
	coverage, err := b.SchoolCoverage(ctx, measures)
	if err != nil {
		return "", err
	}
	for _, r := range measures {
		r.Name, r.Period = "", strings.TrimPrefix(r.Period, o.Study.Term) // the term's is the edition's
		o.told.add(r)
	}
	for _, err := range []error{
		edition.WriteTable(w, edition.TableSchoolMeasures, measures, m.Metadata(edition.TableSchoolMeasures)),
		edition.WriteTable(w, edition.TableCoverage, coverage, m.Metadata(edition.TableCoverage)),
		o.commit(ctx, b, w, m, 0),
	} {
		if err != nil {
			return "", err
		}
	}
	return o.dir(subject.Schools), nil
}
