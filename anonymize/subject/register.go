package subject

// registerFamilies are the files of measures that read the registers beside the
// logs, or the services that few parents open.
func (b *Builder) registerFamilies() []family { return nil }

// registerCurves are the life tables of the registers beside the logs.
func (b *Builder) registerCurves() []curve { return nil }
