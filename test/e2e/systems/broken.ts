/** Cannot be loaded. */
throw new Error('this module is out of order');
