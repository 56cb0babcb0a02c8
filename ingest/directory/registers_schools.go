package directory

import (
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/tabular"
)

// Publication is one publication of grades to a class: times, no grade.
type Publication struct {
	School, Class int32
	TsMs          int64
	LocalDate     int32
	// AssessedDay is the day of the assessment, ReturnedDay that on which the
	// pupils had their copies back; -1 unknown.
	AssessedDay, ReturnedDay int32
}

// Content is one item published to a class or, with Class -1, to a school.
type Content struct {
	School, Class int32
	TsMs          int64
	LocalDate     int32
	Kind          int8 // 1 blog, 2 cahier numérique, 3 vidéo, 4 actualité
	Media         int8 // 1 with pictures, sound or video of the children, else 0
}

// Settings of a school, as Setting.Setting.
const (
	SettingGrades   int8 = 1 // publication of grades: Value 1 at once, 2 deferred
	SettingMessages int8 = 2 // messages from parents: 1 closed, 2 the principal teacher only, 3 all teachers
	SettingProduct  int8 = 3 // the ENT product in use: Value is an index of Directory.Products
)

// Setting is what a school has set, from a day to a day, both included.
type Setting struct {
	School  int32
	Setting int8
	Value   int32
	// FromDay is -1 for since ever, ToDay -1 for still.
	FromDay, ToDay int32
}

// ReportBook is one publication of the livret scolaire unique of a term to the
// families of one grade level of a school.
type ReportBook struct {
	School    int32
	Level     string // grade level, "" all of them
	TsMs      int64
	LocalDate int32
}

// Training is a training session, or several on one day, for the staff of a
// school: no name.
type Training struct {
	School, LocalDate, Sessions int32
}

// Fields of the registers of schools.
var (
	PublicationFields = []tabular.Field{
		{Name: "school", Required: true}, {Name: "class", Required: true}, {Name: "at", Kind: tabular.DateTime, Required: true},
		{Name: "assessed", Kind: tabular.Date}, {Name: "returned", Kind: tabular.Date},
	}
	// ContentFields: kind is blog, workbook (cahier), video or news (actualité).
	ContentFields = []tabular.Field{
		{Name: "school", Required: true}, {Name: "class"}, {Name: "at", Kind: tabular.DateTime, Required: true},
		{Name: "kind", Required: true}, {Name: "media", Kind: tabular.Flag},
	}
	// SettingFields: setting is grades, messages or product; value is at-once or
	// deferred, closed, principal or all, or the name of the product.
	SettingFields = []tabular.Field{
		{Name: "school", Required: true}, {Name: "setting", Required: true}, {Name: "value", Required: true},
		{Name: "from", Kind: tabular.Date}, {Name: "to", Kind: tabular.Date},
	}
	// ReportBookFields: level is a grade level; without one, it is all of the school's.
	ReportBookFields = []tabular.Field{
		{Name: "school", Required: true}, {Name: "level"}, {Name: "at", Kind: tabular.DateTime, Required: true},
	}
	// TrainingFields: sessions is 1 where a row does not say.
	TrainingFields = []tabular.Field{
		{Name: "school", Required: true}, {Name: "date", Kind: tabular.Date, Required: true}, {Name: "sessions", Kind: tabular.Integer},
	}
)

var contentKinds = words{
	"1": 1, "blog": 1,
	"2": 2, "workbook": 2, "cahier": 2, "cahiernumerique": 2, "cahiermultimedia": 2, "cahierdevie": 2,
	"3": 3, "video": 3, "videos": 3,
	"4": 4, "news": 4, "actualite": 4, "actualites": 4,
}

var settingNames = words{
	"1": SettingGrades, "grades": SettingGrades, "notes": SettingGrades,
	"2": SettingMessages, "messages": SettingMessages, "messagerie": SettingMessages,
	"3": SettingProduct, "product": SettingProduct, "produit": SettingProduct, "ent": SettingProduct,
}

// settingValues are the values of the settings that have a vocabulary.
var settingValues = map[int8]words{
	SettingGrades: {
		"1": 1, "at-once": 1, "atonce": 1, "immediate": 1, "immediat": 1, "instantane": 1, "instantanee": 1,
		"2": 2, "deferred": 2, "differe": 2, "differee": 2,
	},
	SettingMessages: {
		"1": 1, "closed": 1, "ferme": 1, "fermee": 1, "aucun": 1,
		"2": 2, "principal": 2, "professeurprincipal": 2,
		"3": 3, "all": 3, "tous": 3, "touslesenseignants": 3, "ouverte": 3, "ouvert": 3,
	},
}

func (b *builder) publicationRow(_ *Table, rows *tabular.Rows) ingest.Reason {
	if tooLong(rows, 0, 1) {
		return ingest.ReasonTooLong
	}
	at, assessed, returned := rows.Moment(2), rows.Day(3), rows.Day(4)
	if !ordered(assessed, returned) {
		return ingest.ReasonTimeRange
	}
	school := b.activeSchool(rows.Text(0))
	b.d.Publications = append(b.d.Publications, Publication{
		School: school, Class: b.schoolClass(school, rows.Text(1)), TsMs: at.TsMs, LocalDate: at.Day, AssessedDay: assessed, ReturnedDay: returned,
	})
	return ""
}

func (b *builder) contentRow(_ *Table, rows *tabular.Rows) ingest.Reason {
	if tooLong(rows, 0, 1) {
		return ingest.ReasonTooLong
	}
	kind, ok := contentKinds.read(rows.Text(3))
	if !ok {
		return ingest.ReasonUnknownValue
	}
	school, at := b.activeSchool(rows.Text(0)), rows.Moment(2)
	b.d.Contents = append(b.d.Contents, Content{
		School: school, Class: b.schoolClass(school, rows.Text(1)), TsMs: at.TsMs, LocalDate: at.Day, Kind: kind, Media: int8(rows.Number(4)),
	})
	return ""
}

// settingRow reads a setting. A list of settings, or of trainings, may cover
// more schools than the study: it does not widen the perimeter.
func (b *builder) settingRow(_ *Table, rows *tabular.Rows) ingest.Reason {
	if tooLong(rows, 0, 2) {
		return ingest.ReasonTooLong
	}
	setting, ok := settingNames.read(rows.Text(1))
	if !ok {
		return ingest.ReasonUnknownValue
	}
	var value int32
	if setting == SettingProduct {
		name := tabular.Fold(string(rows.Text(2)))
		if name == "" {
			return ingest.ReasonUnknownValue
		}
		value, _ = b.products.add([]byte(name))
	} else {
		known, ok := settingValues[setting].read(rows.Text(2))
		if !ok {
			return ingest.ReasonUnknownValue
		}
		value = int32(known)
	}
	from, to := rows.Day(3), rows.Day(4)
	if !ordered(from, to) {
		return ingest.ReasonTimeRange
	}
	b.d.Settings = append(b.d.Settings, Setting{School: b.placeSchool(rows.Text(0)), Setting: setting, Value: value, FromDay: from, ToDay: to})
	return ""
}

func (b *builder) reportBookRow(_ *Table, rows *tabular.Rows) ingest.Reason {
	if tooLong(rows, 0) {
		return ingest.ReasonTooLong
	}
	level := gradeLevel(string(rows.Text(1)))
	if level == "" && rows.Has(1) {
		return ingest.ReasonUnknownValue
	}
	at := rows.Moment(2)
	b.d.ReportBooks = append(b.d.ReportBooks, ReportBook{School: b.activeSchool(rows.Text(0)), Level: level, TsMs: at.TsMs, LocalDate: at.Day})
	return ""
}

func (b *builder) trainingRow(_ *Table, rows *tabular.Rows) ingest.Reason {
	if tooLong(rows, 0) {
		return ingest.ReasonTooLong
	}
	sessions := int64(1)
	if rows.Has(2) {
		sessions = rows.Number(2)
	}
	if sessions < 1 || sessions > 1000 {
		return ingest.ReasonType
	}
	b.d.Training = append(b.d.Training, Training{School: b.placeSchool(rows.Text(0)), LocalDate: rows.Day(1), Sessions: int32(sessions)})
	return ""
}
