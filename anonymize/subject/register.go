package subject

// registerFamilies are the files of measures that read the registers beside the
// logs, or the services that few parents open.
func (b *Builder) registerFamilies() []family { return nil }
