package national

import (
	"cmp"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// writerOptions are those of all tables.
var writerOptions = []parquet.WriterOption{parquet.Compression(&parquet.Zstd), parquet.CreatedBy("entscope", "1", "0")}

// weekKeys is how many columns of a table of schools and weeks are no numbers.
const weekKeys = 3

// weekSchema is the schema of the table of a kind of the DNMA.
func weekSchema(k Kind) *parquet.Schema {
	group := orderedGroup{Group: parquet.Group{}}
	order := map[string]int{}
	add := func(name string, node parquet.Node) {
		order[name] = len(order)
		group.Group[name] = node
	}
	add("uai", parquet.Encoded(parquet.String(), &parquet.RLEDictionary))
	add("week_day", parquet.Encoded(parquet.Int(32), &parquet.DeltaBinaryPacked))
	add("school_year", parquet.Encoded(parquet.String(), &parquet.RLEDictionary))
	for _, c := range columnsOf(k) {
		add(c.name, parquet.Optional(parquet.Encoded(parquet.Int(64), &parquet.DeltaBinaryPacked)))
	}
	group.fields = group.Group.Fields()
	slices.SortFunc(group.fields, func(a, b parquet.Field) int { return cmp.Compare(order[a.Name()], order[b.Name()]) })
	return parquet.NewSchema(string(k), group)
}

// orderedGroup is a group whose fields have an order of their own, not that of their names.
type orderedGroup struct {
	parquet.Group
	fields []parquet.Field
}

// Fields implements parquet.Node.
func (g orderedGroup) Fields() []parquet.Field { return g.fields }

// SchoolRow is a school of any of the files.
type SchoolRow struct {
	UAI               string  `parquet:"uai,dict"`
	UAIValid          bool    `parquet:"uai_valid"`
	Name              *string `parquet:"name,optional"`
	Level             *string `parquet:"level,optional,dict"`
	Nature            *string `parquet:"nature,optional,dict"`
	Sector            *string `parquet:"sector,optional,dict"`
	Academie          *string `parquet:"academie,optional,dict"`
	Departement       *string `parquet:"departement,optional,dict"`
	DepartementNumber *string `parquet:"departement_number,optional,dict"`
	Region            *string `parquet:"region,optional,dict"`
	Commune           *string `parquet:"commune,optional,dict"`
	Ministere         *string `parquet:"ministere,optional,dict"`
	Circonscription   *string `parquet:"circonscription,optional,dict"`
	Zone              *string `parquet:"zone,optional,dict"`
	InDNMA            bool    `parquet:"in_dnma"`
	InAnnuaire        *bool   `parquet:"in_annuaire,optional"`
	Moved             bool    `parquet:"moved"`
}

// IPSRow is the IPS of a school in a school year.
type IPSRow struct {
	UAI        string  `parquet:"uai,dict"`
	SchoolYear string  `parquet:"school_year,dict"`
	Level      *string `parquet:"level,optional,dict"`
	IPSTenths  *int32  `parquet:"ips_tenths,optional"`
	Pupils     *int64  `parquet:"pupils,optional"`
}

// CalendarRow is a week of a holiday zone.
type CalendarRow struct {
	Zone     string  `parquet:"zone,dict"`
	WeekDay  int32   `parquet:"week_day"`
	TermDays int32   `parquet:"term_days"`
	Holiday  *string `parquet:"holiday,optional,dict"`
}

// CoverageRow is a week of a table of the DNMA.
type CoverageRow struct {
	Table   string `parquet:"table,dict"`
	WeekDay int32  `parquet:"week_day"`
	Schools int64  `parquet:"schools"`
	Thin    bool   `parquet:"thin"`
}

// ColumnRow is a column of a table of the DNMA.
type ColumnRow struct {
	Table  string `parquet:"table,dict"`
	Column string `parquet:"column"`
	Status string `parquet:"status,dict"`
	Filled int64  `parquet:"filled"`
	Total  *int64 `parquet:"total,optional"`
}
