package microdata

import (
	"slices"

	"github.com/entscope/entscope/anonymize/hierarchy"
)

// DropSuppressed leaves out the rows that hold "*" in each of the columns, and says
// how many they were. Other tools leave a suppressed record in place so (ARX): read
// as a row it would be a class of its own, and a person alone. From
// says of which row of the file each one that is left is.
func (in *Input) DropSuppressed(columns []string) int {
	var keep []int
	rows := in.Rows()
	for row := range rows {
		shown := slices.ContainsFunc(columns, func(name string) bool {
			c := in.Column(name)
			return c == nil || c.Text(row) != hierarchy.Top
		})
		if shown {
			keep = append(keep, row)
		}
	}
	if len(keep) == rows || len(keep) == 0 {
		return 0
	}
	in.Table = in.Part(keep)
	for _, row := range keep {
		in.From = append(in.From, int32(row))
	}
	return rows - len(keep)
}
