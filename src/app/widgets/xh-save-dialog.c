/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-save-dialog.h"

static void
response_cb (GtkNativeDialog *dialog, int response, GtkWidget *page)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  XhSavePath chosen = (XhSavePath) g_object_get_data (G_OBJECT (dialog), "chosen");

  if (path != NULL)
    chosen (page, path);
  g_object_unref (dialog);
}

void
xh_ask_save_path (GtkWidget *page, const char *title, const char *name, XhSavePath chosen)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (page)), GTK_FILE_CHOOSER_ACTION_SAVE,
                                                              NULL, NULL);
  g_autofree char *clean = g_strdelimit (g_strdup (name), "/\\:*?\"<>|\n", '_');

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), clean);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_object_set_data (G_OBJECT (dialog), "chosen", chosen);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), page, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
