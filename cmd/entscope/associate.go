package main

import (
	"errors"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/analysis/model"
)

func newAssociateCommand() *cobra.Command {
	var dir, format, out string
	c := &cobra.Command{
		Use:   "associate COLUMN COLUMN --edition DIR",
		Short: "Say how two columns of the person table go together",
		Long: `associate counts the persons of a research edition by two columns of the person table:
Kendall's and Spearman's rank correlation, and of two columns of two values, such as
"visits >= 3-weekly", the odds ratio and the difference of both shares. Intervals are by
clusters of schools; Fisher's, McNemar's and the rank tests, which take every person for
drawn alone, stand beside them. Nothing is protected or released.
"entscope help model" says more; "entscope model --list" names the columns.`,
		Example: `  entscope associate visits grade_visits --edition editions/research-2025-T1
  entscope associate "accompanied = yes" "visits >= 3-weekly" --edition editions/research-2025-T1`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			if dir == "" {
				return withExit(exitUsage, errors.New("associate: --edition is not set"))
			}
			ed, done, err := openEdition(c.Context(), dir)
			if err != nil {
				return err
			}
			defer done()
			a, err := model.Associate(c.Context(), ed, args[0], args[1])
			if err != nil {
				return withExit(modelExit(err), err)
			}
			a.Edition = filepath.Base(filepath.Clean(dir))
			return writeOut(c, out, func(w io.Writer) error { return a.Write(w, format) })
		},
	}
	c.Flags().StringVar(&dir, "edition", "", "folder of a research edition")
	c.Flags().StringVar(&format, "format", "table", "table or json")
	c.Flags().StringVar(&out, "out", "", "file to write instead of the standard output")
	completeFolder(c, "edition")
	onlyWords(c, "format", model.AssociationFormats...)
	c.ValidArgsFunction = cobra.FixedCompletions(model.Columns(), cobra.ShellCompDirectiveNoFileComp)
	return c
}
